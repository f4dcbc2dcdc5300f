import { byId } from './element.js';
import { formatTime } from './format-value.js';
import { History } from './history.js';
import { PanelView } from './panel-view.js';
import { panels } from './panels.js';
import { Poller } from './poller.js';
import type { TimedScrape } from './reading.js';
import { identitiesOf } from './scrape.js';
import { stepKinds } from './step-statistics.js';
import { StepTable } from './step-table.js';
import { currentTheme, onThemeChange } from './theme.js';

// The entry point of the page: scrapes the server and draws the panels.

const history = new History();
const views = panels.map((panel) => new PanelView(panel, byId('nodes')));
const nodes = new StepTable({
  kind: stepKinds.node,
  container: byId('nodes-table'),
  caption: 'Slowest nodes since the process started',
  headings: { name: 'Node', executions: 'Executions' },
  onRows: (count) => {
    byId('no-nodes').hidden = count > 0;
  },
});
const tools = new StepTable({
  kind: stepKinds.tool,
  container: byId('tools-table'),
  caption: 'Slowest tools since the process started',
  headings: { name: 'Tool', executions: 'Calls' },
  onRows: (count) => {
    byId('tools').hidden = count === 0;
  },
});
const status = byId('status');
const pause = byId('pause');
let missed = false;

/** Changes the text only if it differs, because screen readers announce every change. */
function setStatus(text: string, state: string): void {
  if (status.textContent !== text) status.textContent = text;
  status.dataset.state = state;
}

function render(): void {
  const { latest, gaps } = history;
  if (latest === undefined) return;
  const theme = currentTheme();
  for (const view of views) view.show(history, theme);
  nodes.show(latest.scrape);
  tools.show(latest.scrape);
  const names = identitiesOf(latest.scrape).map(({ app, version }) => `${app} ${version}`);
  byId('identity').textContent = [...names, location.host].join(' · ');
  byId('latest').textContent = `Latest scrape ${formatTime(latest.at)}`;
  const ranges = gaps.map(({ from, to }) => `${formatTime(from)} to ${formatTime(to)}`).join(', ');
  byId('gaps').textContent = ranges === '' ? '' : `No scrapes (hatched in the charts): ${ranges}.`;
}

function onScrape(scrape: TimedScrape): void {
  history.add(scrape, missed);
  missed = false;
  setStatus('Live', 'live');
  render();
}

function onFailure(reason: string): void {
  missed = true;
  setStatus(`The server cannot be scraped: ${reason}. The page shows old values and keeps trying.`, 'failing');
}

const poller = new Poller({ onScrape, onFailure });
pause.addEventListener('click', () => {
  const pausing = pause.textContent === 'Pause';
  pause.textContent = pausing ? 'Resume' : 'Pause';
  if (!pausing) {
    poller.start();
    return;
  }
  poller.stop();
  missed = true;
  setStatus('Paused', 'paused');
});
onThemeChange(render);
poller.start();
