const REFRESH_MS = 2_000;

/** How long an answer may take before the page says that none came. */
const PATIENCE_MS = 8_000;

const element = (id) => document.getElementById(id);

refreshForEver();
offerCurl();

async function refreshForEver() {
  for (;;) {
    if (!document.hidden) await refresh();
    await new Promise((done) => setTimeout(done, REFRESH_MS));
  }
}

async function refresh() {
  try {
    const answer = await fetch('/overview.json', { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(answer.statusText);
    show(await answer.json());
  } catch {
    say('bad', 'The API does not answer. These are the last figures it gave.');
    document.querySelector('.figures').dataset.stale = '';
  }
}

function show(overview) {
  delete document.querySelector('.figures').dataset.stale;
  element('version').textContent = overview.version;
  for (const id of ['database', 'workers_alive', 'waiting', 'running']) {
    element(id).textContent = (overview[id] ?? '–').toLocaleString('en');
  }
  say(...verdictOn(overview));
}

function verdictOn({ database, workers_alive: workers }) {
  if (database !== 'up')
    return ['bad', 'The database cannot be reached. Nothing is accepted until it is back.'];
  if (workers === 0) return ['warn', 'No worker is alive. Jobs are accepted and wait until one starts.'];
  return ['well', 'All is well.'];
}

/** Screen readers read every change out, so only news is a change. */
function say(state, text) {
  const verdict = element('verdict');
  verdict.dataset.state = state;
  if (verdict.textContent !== text) verdict.textContent = text;
}

function offerCurl() {
  const curl = element('curl');
  curl.textContent = curl.textContent.replace('http://127.0.0.1:8000', location.origin);
  // Browsers lend the clipboard to secure pages only, and to those of this machine.
  if (!navigator.clipboard) return;
  const button = element('copy');
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(curl.textContent);
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy'), 1_500);
  });
}
