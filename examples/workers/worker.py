#!/usr/bin/env python3
"""A Roundhouse worker in Python 3, with the standard library alone. Its jobs sleep for as many seconds as their payload
says; put what is to be done into `work`. SIGTERM lets it finish its job and end; after kill -9 the job runs elsewhere."""
import http.client, json, os, signal, socket, sys, threading, time, traceback, urllib.error, urllib.request

API, LEASE = os.environ.get("ROUNDHOUSE_URL", "http://127.0.0.1:8000"), int(os.environ.get("LEASE_SECONDS", "30"))
TYPE, QUEUE = os.environ.get("JOB_TYPE", "nap"), os.environ.get("QUEUE", "default")
NAME = os.environ.get("WORKER_NAME", f"python-{socket.gethostname()}-{os.getpid()}")  # one for each process
SCHEMA = {"type": "object", "properties": {"seconds": {"type": "number", "minimum": 0}}, "required": ["seconds"]}
WISH = {"queues": [QUEUE], "types": [TYPE], "worker_id": NAME, "wait": 20, "lease_seconds": LEASE}
JSON, busy, stopping = {"Content-Type": "application/json"}, threading.Event(), threading.Event()
def work(job, lost):
    """Returns the result. `lost` is set when somebody cancels the job, or it runs elsewhere by now: give up then."""
    lost.wait(job["payload"]["seconds"])
    return {"slept": job["payload"]["seconds"], "by": NAME}

def send(method, path, body, timeout=40):
    """The answer, or {} when it is a refusal, whose words are printed; while the service is away it is asked again."""
    while True:
        request = urllib.request.Request(API + path, json.dumps(body).encode(), JSON, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            print(error.read().decode(errors="replace"), file=sys.stderr, flush=True)
            if error.code < 500:
                return {}
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

# Without a job it ends at once, which cuts the connection: a caller that is gone has taken no job.
signal.signal(signal.SIGTERM, lambda *_: stopping.set() if busy.is_set() else sys.exit())
leases = None
while not stopping.is_set():
    if leases is None:  # at the start, and when somebody has removed the type
        send("PUT", "/job-types/" + TYPE, {"description": "Sleeps.", "queue": QUEUE, "payload_schema": SCHEMA})
    leases = send("POST", "/leases", WISH).get("leases")
    busy.set()
    for lease in leases or []:
        run(lease)
    busy.clear()
    time.sleep(2 if leases is None else 0)
