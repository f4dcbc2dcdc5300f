import { expect } from 'chai';
import { startMetricsServer } from '../../lib/core/server/metrics-server.js';
import { needPrograms, tmux } from '../support/e2e-programs.js';
import { startNativeProcess } from '../support/native-process.js';
import { Terminal } from '../support/tmux.js';

describe('tinyllm top on a real terminal', function () {
  this.timeout(30_000);

  let terminal: Terminal | undefined;
  let server: Awaited<ReturnType<typeof startMetricsServer>> | undefined;

  before(async function () {
    needPrograms(this, tmux);
    server = await startMetricsServer({ port: 0, thread: false });
    terminal = await Terminal.open();
    await terminal.until(/ready\$/);
  });
  after(async () => {
    await Promise.all([terminal?.close(), server?.close()]);
  });

  const start = async (shell: Terminal, url = server!.url): Promise<void> => {
    await shell.type(`node cli/bin/tinyllm.js top ${url} --interval 0.2`, 'Enter');
    await shell.until(/^tinyllm top.*\n/);
  };

  it('restores the screen while it is suspended, and draws again after fg', async () => {
    await start(terminal!);
    await terminal!.type('C-z');
    const suspended = await terminal!.until(/ready\$ *$/m);
    expect(suspended).to.not.match(/^tinyllm top/);
    await terminal!.type('echo typed and shown', 'Enter');
    await terminal!.until(/^typed and shown$/m);
    await terminal!.type('fg', 'Enter');
    await terminal!.until(/^tinyllm top.*\n/);
  });

  it('ends with q, and restores the earlier screen', async () => {
    await terminal!.type('q');
    const left = await terminal!.until(/ready\$ *\n*$/);
    expect(left)
      .to.contain('typed and shown')
      .and.to.not.match(/^requests /m);
    await terminal!.type('echo still a terminal', 'Enter');
    await terminal!.until(/^still a terminal$/m);
  });

  it('ends with exit code 130 on Ctrl-C', async () => {
    await start(terminal!);
    await terminal!.type('C-c');
    await terminal!.until(/ready\$ *\n*$/);
    await terminal!.type('echo code $?', 'Enter');
    await terminal!.until(/^code 130$/m);
  });

  it('shows quantiles of native histograms', async () => {
    const native = await startNativeProcess();
    try {
      await start(terminal!, native.url);
      await native.record(Array(100).fill(0.00001));
      const text = await terminal!.until(/p95 0\.010\d* ms/);
      expect(text)
        .to.match(/p50 0\.010\d* ms +p95 0\.010\d* ms +p99 0\.010\d* ms/)
        .and.to.match(/^quick +0\.01 ms +0\.010\d* ms /m);
    } finally {
      await terminal!.type('q');
      await native.close();
    }
  });
});
