#!/usr/bin/env python3
"""Submits jobs from Python 3, with the standard library alone:

    job = defer("images.resize", {"width": 640}, queue="images", priority=2, schedule_in={"minutes": 5})

takes the fields of POST /jobs and returns the job. A request without an answer is sent again under the same idempotency key, so
the job is there once. To tie a job to a row of yours, pass its id as idempotency_key: submitting it again is then harmless."""
import http.client, json, os, sys, time, urllib.error, urllib.request, uuid

API, KEY = os.environ.get("ROUNDHOUSE_URL", "http://127.0.0.1:8000"), os.environ.get("ROUNDHOUSE_API_KEY")
HEADERS = {"Content-Type": "application/json", **({"Authorization": f"Bearer {KEY}"} if KEY else {})}


class Refused(Exception):
    """The service does not take the job; `problem` is its answer, with a `code` and a `detail`."""

    def __init__(self, problem):
        super().__init__(problem.get("detail"))
        self.problem = problem


def defer(job_type, payload=None, *, idempotency_key=None, tries=6, **fields):
    key = idempotency_key or str(uuid.uuid4())
    body = {"type": job_type, "payload": payload or {}, "idempotency_key": key, **fields}
    request = urllib.request.Request(API + "/jobs", json.dumps(body).encode(), HEADERS)
    for n in range(1, tries + 1):
        wait = 2.0**n
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            if (error.code != 429 and error.code < 500) or n == tries:
                raise Refused(json.loads(text) if text.startswith("{") else {"detail": text}) from None
            wait = float(error.headers.get("Retry-After") or wait)
        except (OSError, http.client.HTTPException, ValueError):  # also an answer that breaks off
            if n == tries:
                raise
        time.sleep(min(wait, 60))


if __name__ == "__main__":  # defer.py TYPE [PAYLOAD [FIELDS]], both JSON
    payload, fields = (json.loads(word) for word in (sys.argv[2:4] + ["{}", "{}"])[:2])
    try:
        print(defer(sys.argv[1], payload, **fields)["job_id"])
    except Refused as refused:
        sys.exit(f"{refused.problem.get('code')}: {refused}")
