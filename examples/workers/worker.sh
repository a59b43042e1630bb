#!/usr/bin/env bash
# A Roundhouse worker in bash: needs curl and nothing else. Its jobs sleep for as many seconds as their payload says;
# put what is to be done into `work`. SIGTERM lets it finish its job and end; after kill -9 the job runs elsewhere, and
# so does one that a curl takes which outlives it.
set -u
api=${ROUNDHOUSE_URL:-http://127.0.0.1:8000}
type=${JOB_TYPE:-nap} queue=${QUEUE:-default} lease=${LEASE_SECONDS:-30}
name=${WORKER_NAME:-bash-$HOSTNAME-$$} # one for each process
stopping='' file=$(mktemp)
trap 'rm -f "$file"' EXIT
trap 'stopping=yes' TERM INT
curl=(curl -sS -H 'Content-Type: application/json')

send() { # METHOD PATH BODY [CURL OPTION…]
  "${curl[@]}" -X "$1" "$api$2" -d "$3" "${@:4}"
}

work() { # LEASE: the answer of POST /leases, a line of JSON. Prints the result as JSON; who prints nothing has failed.
  [[ $1 =~ \"seconds\":([0-9.]+) ]] || return 1
  sleep "${BASH_REMATCH[1]}" && echo "{\"slept\": ${BASH_REMATCH[1]}, \"by\": \"$name\"}"
}

keep() { # TOKEN PID: heartbeats, for as long as this worker lives; ends the work when it is of no use any more.
  local said
  while sleep $((lease / 3)) && kill -0 $$ 2> /dev/null; do
    said=$(send POST "/leases/$1/heartbeat" '{}' --max-time 10)
    [[ $said =~ '"cancel_requested":true'|'"code":"lease_lost"' ]] && kill "$2"
  done
}

schema='{"type":"object","properties":{"seconds":{"type":"number","minimum":0}},"required":["seconds"]}'
declare_type() { # Also prints why the service does not want it.
  send PUT "/job-types/$type" "{\"description\":\"Sleeps.\",\"queue\":\"$queue\",\"payload_schema\":$schema}" && echo
}

ask="{\"queues\":[\"$queue\"],\"types\":[\"$type\"],\"worker_id\":\"$name\",\"wait\":20,\"lease_seconds\":$lease}"
declare_type
while [[ ! $stopping ]]; do
  # In the background, because bash heeds a signal only while it waits. A connection that is cut has taken no job.
  : > "$file"
  "${curl[@]}" "$api/leases" -d "$ask" --max-time 40 -o "$file" & poll=$!
  wait $poll || { kill $poll; wait $poll; } 2> /dev/null
  leased=$(< "$file")
  if [[ ! $leased =~ \"lease_token\":\"([^\"]+)\" ]]; then
    # A refusal, as when somebody has removed the type, or no answer at all.
    [[ $stopping || $leased == *'"leases":[]'* ]] || { echo "$leased" && sleep 2 && declare_type; }
    continue
  fi
  token=${BASH_REMATCH[1]}
  work "$leased" > "$file" & worker=$!
  keep "$token" $worker & keeper=$!
  while wait $worker; kill -0 $worker 2> /dev/null; do :; done
  kill $keeper
  # Whoever lost the answer may ask again: the same end is told again.
  end=fail body='{"error":{"message":"The work printed no result"}}'
  [[ -s $file ]] && end=complete body="{\"result\":$(< "$file")}"
  send POST "/leases/$token/$end" "$body" --retry 8 --retry-connrefused
  echo
done
