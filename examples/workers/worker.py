#!/usr/bin/env python3
"""A Roundhouse worker in Python 3, with the standard library alone. Its jobs sleep for as many seconds as their payload
says; put what is to be done into `work`. SIGTERM lets it finish its job and end; after kill -9 the job runs elsewhere."""
import http.client, json, os, signal, socket, sys, threading, time, traceback, urllib.error, urllib.request

API, LEASE = os.environ.get("ROUNDHOUSE_URL", "http://127.0.0.1:8000"), int(os.environ.get("LEASE_SECONDS", "30"))
TYPE, QUEUE = os.environ.get("JOB_TYPE", "nap"), os.environ.get("QUEUE", "default")
NAME = os.environ.get("WORKER_NAME", f"python-{socket.gethostname()}-{os.getpid()}")  # one for each process
SCHEMA = {"type": "object", "properties": {"seconds": {"type": "number", "minimum": 0}}, "required": ["seconds"]}
WISH = {"queues": [QUEUE], "types": [TYPE], "worker_id": NAME, "wait": 20, "lease_seconds": LEASE}
state = {"idle": True, "stopping": False}
def work(job, lost):
    """Returns the result. `lost` is set when somebody cancels the job, or it runs elsewhere by now: give up then."""
    lost.wait(job["payload"]["seconds"])
    return {"slept": job["payload"]["seconds"], "by": NAME}

def send(method, path, body, timeout=40):
    """The answer, also when it is a refusal; while the service is away it is asked again."""
    while True:
        request = urllib.request.Request(API + path, json.dumps(body).encode(), method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return json.load(error)
        except (OSError, http.client.HTTPException, ValueError) as error:  # also an answer that breaks off
            print(error, file=sys.stderr, flush=True)
        time.sleep(2)

def keep(path, done, lost):
    while not done.wait(LEASE / 3) and not lost.is_set():
        if send("POST", path + "/heartbeat", {}, timeout=10).get("cancel_requested", True):
            lost.set()

def run(lease):
    path, done, lost = "/leases/" + lease["lease_token"], threading.Event(), threading.Event()
    threading.Thread(target=keep, args=(path, done, lost), daemon=True).start()
    try:
        end, body = "/complete", {"result": work(lease["job"], lost)}
    except Exception as error:
        words = {"name": type(error).__name__, "message": str(error) or "No message", "stack": traceback.format_exc()}
        end, body = "/fail", {"error": words}
    done.set()
    print(send("POST", path + end, body), flush=True)  # who asks again is told the same

def stop(*_):
    state["stopping"] = True
    if state["idle"]:
        sys.exit()  # cuts the connection: a caller that is gone has taken no job

signal.signal(signal.SIGTERM, stop)
send("PUT", "/job-types/" + TYPE, {"description": "Sleeps.", "queue": QUEUE, "payload_schema": SCHEMA})
while not state["stopping"]:
    leases, state["idle"] = send("POST", "/leases", WISH)["leases"], False
    for lease in leases:
        run(lease)
    state["idle"] = True
