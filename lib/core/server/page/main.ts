import { byId } from './element.js';
import { History } from './history.js';
import { NodeTable } from './node-table.js';
import { PanelView } from './panel-view.js';
import { panels } from './panels.js';
import { readableTime } from './readable.js';
import type { TimedScrape } from './reading.js';
import { identitiesOf } from './scrape.js';
import { currentTheme, onThemeChange } from './theme.js';
import { Watch } from './watch.js';

// What runs in the browser: it scrapes, and draws what the scrapes say.

const history = new History();
const views = panels.map((panel) => new PanelView(panel, byId('nodes')));
const nodes = new NodeTable();
const status = byId('status');
const pause = byId('pause');
let missed = false;

/** Screen readers speak a change of the status, so it is told once. */
function say(text: string, state: string): void {
  if (status.textContent !== text) status.textContent = text;
  status.dataset.state = state;
}

function show(): void {
  const { latest, gaps } = history;
  if (latest === undefined) return;
  const theme = currentTheme();
  for (const view of views) view.show(history, theme);
  nodes.show(latest.scrape);
  const names = identitiesOf(latest.scrape).map(({ app, version }) => `${app} ${version}`);
  byId('identity').textContent = [...names, location.host].join(' · ');
  byId('latest').textContent = `Latest scrape ${readableTime(latest.at)}`;
  const told = gaps.map(({ from, to }) => `${readableTime(from)} to ${readableTime(to)}`).join(', ');
  byId('gaps').textContent = told === '' ? '' : `No scrape, hatched in the charts: ${told}.`;
}

function take(scrape: TimedScrape): void {
  history.add(scrape, missed);
  missed = false;
  say('Live', 'live');
  show();
}

function miss(reason: string): void {
  missed = true;
  say(`The server cannot be scraped: ${reason}. What is shown is old; the page keeps asking.`, 'failing');
}

const watch = new Watch({ onScrape: take, onFailure: miss });
pause.addEventListener('click', () => {
  const pausing = pause.textContent === 'Pause';
  pause.textContent = pausing ? 'Go on' : 'Pause';
  if (!pausing) {
    watch.start();
    return;
  }
  watch.stop();
  missed = true;
  say('Paused', 'paused');
});
onThemeChange(show);
watch.start();
