import { expect } from 'chai';
import { openHub, rejectionOf } from '../../support/pushing.js';

const counter = (value: number, labels = ''): string => `# TYPE a_total counter\na_total${labels} ${value}\n`;
const gauge = (value: number, name = 'g'): string => `# TYPE ${name} gauge\n${name} ${value}\n`;

describe('Hub', () => {
  it('adds counters over pushers, including ended ones', async () => {
    const { put, end, sums } = await openHub();
    await put('x', counter(3));
    await put('y', counter(4));
    await end('x');
    await put('x', counter(2));
    expect(await sums()).to.deep.equal({ a_total: [9] });
  });

  it('counts a repeated push only once', async () => {
    const { put, post, sums } = await openHub();
    await put('x', counter(3));
    await put('x', counter(3));
    await post('x', counter(5));
    expect(await sums()).to.deep.equal({ a_total: [5] });
  });

  it('detects a pusher that restarts from zero', async () => {
    const { put, sums } = await openHub();
    await put('x', counter(5));
    await put('x', counter(3));
    await put('x', counter(4));
    expect(await sums()).to.deep.equal({ a_total: [9] });
    await put('x', '');
    await put('x', counter(6));
    expect(await sums()).to.deep.equal({ a_total: [15] });
  });

  it('detects a restart by the process start time or the creation time, even if numbers increased', async () => {
    const { put, sums } = await openHub();
    const started = (at: number, value: number) => gauge(at, 'process_start_time_seconds') + counter(value);
    await put('x', started(100, 5));
    await put('x', started(100, 6));
    await put('x', started(200, 7));
    const created = (at: number, value: number) =>
      `# TYPE b_total counter\nb_total ${value}\n${gauge(at, 'b_created')}`;
    await put('y', created(1, 1));
    await put('y', created(1, 2));
    await put('y', '');
    await put('y', created(1, 3));
    await put('y', created(2, 4));
    expect(await sums()).to.deep.include({ a_total: [13], b_total: [7] });
  });

  it('treats a histogram with a decreased bucket as restarted', async () => {
    const { put, sums } = await openHub();
    const histogram = (low: number, all: number, sum: number) =>
      `# TYPE h histogram\nh_bucket{le="1"} ${low}\nh_bucket{le="+Inf"} ${all}\nh_sum ${sum}\nh_count ${all}\n`;
    await put('x', histogram(2, 5, 10));
    await put('x', histogram(1, 9, 30));
    expect(await sums()).to.deep.equal({ h: [3, 11, 40] });
  });

  it('adds gauges over live pushers, and uses the maximum of facts and the minimum of start times', async () => {
    const { put, end, sums } = await openHub();
    for (const [who, at] of [
      ['x', 5],
      ['y', 7],
    ] as const) {
      await put(
        who,
        gauge(at) +
          gauge(1, 'build_info') +
          gauge(at, 'process_start_time_seconds') +
          gauge(at, 'last_timestamp_seconds'),
      );
    }
    const facts = { build_info: [1], process_start_time_seconds: [5], last_timestamp_seconds: [7] };
    expect(await sums()).to.deep.equal({ g: [12], ...facts });
    await end('x');
    expect(await sums()).to.deep.equal({ g: [7], ...facts, process_start_time_seconds: [7] });
    await end('y');
    expect(await sums()).to.deep.equal({});
  });

  it('drops the gauges of expired pushers, keeps their counts, and continues when they return', async () => {
    let now = 1_000_000;
    const { put, sums } = await openHub({ expireSeconds: 10, now: () => now });
    await put('x', gauge(5) + counter(3));
    now += 10_000;
    expect(await sums()).to.deep.equal({ g: [5], a_total: [3] });
    now += 1;
    expect(await sums()).to.deep.equal({ a_total: [3] });
    await put('x', gauge(6) + counter(4));
    expect(await sums()).to.deep.equal({ g: [6], a_total: [4] });
  });

  it('replaces all metrics of a pusher by PUT, and metrics with the same names by POST', async () => {
    const { put, post, sums } = await openHub();
    await put('x', gauge(1) + gauge(2, 'other'));
    await post('x', gauge(3));
    expect(await sums()).to.deep.equal({ g: [3], other: [2] });
    await put('x', gauge(4));
    expect(await sums()).to.deep.equal({ g: [4] });
  });

  it('never decreases by a rounding error when several pushers push and end', async () => {
    const { put, end, sums } = await openHub();
    let last = 0;
    for (let round = 0; round < 50; round += 1) {
      for (const who of ['x', 'y', 'z']) {
        await put(who, counter(0.1 * (round + 1)));
        const [now = 0] = (await sums()).a_total ?? [];
        expect(now).to.be.at.least(last);
        last = now;
      }
      if (round % 7 === 0) await end('y');
    }
  });

  it('rejects metrics that conflict with stored metrics, and counts the others', async () => {
    const { put, end, sums } = await openHub({ own: () => [{ name: 'own', type: 'gauge', bounds: [] }] });
    await put('x', `${counter(1)}# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`);
    const before = await sums();
    const held = 'line 3: a_total is a gauge; it is stored as a counter';
    const rest = '; the other metrics of the push are counted';
    expect(await rejectionOf(put('y', `# HELP g G.\ng 1\n${gauge(1, 'a_total')}`))).to.equal(`409 ${held}${rest}`);
    expect(await sums()).to.deep.equal({ ...before, g: [1] });
    await end('y');
    expect(await rejectionOf(put('y', gauge(1, 'a_total')))).to.equal(`409 ${held.replace('3', '1')}`);
    const buckets = '# TYPE h histogram\nh_bucket{le="2"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n';
    expect(await rejectionOf(put('y', buckets))).to.equal(
      '409 line 1: h has the buckets 2; it is stored with the buckets 1',
    );
    expect(await rejectionOf(put('y', gauge(1, 'h_sum')))).to.contain(
      '409 line 1: the gauge h_sum has samples with the name h_sum',
    );
    await put('z', 'u 1\n');
    const untyped = 'u is a gauge; it is stored as untyped until its pusher sends a # TYPE line or is deleted';
    expect(await rejectionOf(put('y', gauge(1, 'u')))).to.equal(`409 line 1: ${untyped}`);
    expect(await rejectionOf(put('y', 'a_total 1\n'))).to.contain('a_total is untyped; it is stored as a counter');
    await put('z', gauge(1, 'u'));
    await end('z');
    expect(await rejectionOf(put('y', '# TYPE own counter\nown 1\n'))).to.equal(
      "409 line 1: own is a counter; the hub's own metric own is a gauge",
    );
    expect(await sums()).to.deep.equal(before);
  });

  it('accepts another type for a gauge that no pusher has any more', async () => {
    const { put, sums } = await openHub();
    await put('x', gauge(1));
    expect(await rejectionOf(put('y', '# TYPE g counter\ng 1\n'))).to.contain('409');
    await put('x', '# TYPE g counter\ng 2\n');
    expect(await sums()).to.deep.equal({ g: [2] });
  });

  it('replaces a metric that was pushed once with a wrong type, after its pusher has expired', async () => {
    let now = 0;
    const { put, sums } = await openHub({ expireSeconds: 10, now: () => now });
    await put('wrong', counter(1).replaceAll('a_total', 'g'));
    expect(await rejectionOf(put('x', gauge(5)))).to.equal('409 line 1: g is a gauge; it is stored as a counter');
    now += 10_001;
    await put('x', gauge(5));
    await put('y', gauge(6));
    expect(await sums()).to.deep.equal({ g: [11] });
    expect(await rejectionOf(put('wrong', counter(2).replaceAll('a_total', 'g')))).to.contain('409');
  });

  it('requires as many pushers of the new type as there were of the old type, but at most 3, before it drops totals', async () => {
    const { put, end, sums } = await openHub();
    for (const who of ['a', 'b', 'c', 'd']) {
      await put(who, counter(1));
      await end(who);
    }
    const missing = (count: string) =>
      `409 line 1: a_total is a gauge; it is stored as a counter; to replace the stored metric, push the new type and buckets from ${count}`;
    expect(await rejectionOf(put('x', gauge(1, 'a_total')))).to.equal(missing('2 more pushers'));
    expect(await rejectionOf(put('x', gauge(1, 'a_total')))).to.equal(missing('2 more pushers'));
    expect(await rejectionOf(put('y', gauge(1, 'a_total')))).to.equal(missing('1 more pusher'));
    await put('e', counter(1));
    await end('e');
    expect(await sums()).to.deep.equal({ a_total: [5] });
    for (const who of ['x', 'y']) expect(await rejectionOf(put(who, gauge(1, 'a_total')))).to.contain('409');
    expect(await put('z', gauge(7, 'a_total'))).to.deep.equal([
      'accepted; the stored counter a_total had another type, other buckets or conflicting sample names, so its totals were dropped (1 series)',
    ]);
    expect(await sums()).to.deep.equal({ a_total: [7] });
  });

  it('accepts new buckets from the only pusher of a histogram', async () => {
    const { put, sums } = await openHub();
    const histogram = (bound: number) =>
      `# TYPE h histogram\nh_bucket{le="${bound}"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`;
    await put('x', histogram(1));
    await put('x', histogram(2));
    expect(await sums()).to.deep.equal({ h: [1, 0, 1] });
  });

  it('after a rejected push, counts the next push from the last accepted one', async () => {
    const { put, sums } = await openHub();
    await put('x', counter(3));
    await put('y', counter(4));
    expect(await rejectionOf(put('x', gauge(9, 'a_total')))).to.contain('409');
    await put('x', counter(5));
    expect(await sums()).to.deep.equal({ a_total: [9] });
  });

  it('detects a restart after the clock of the pusher was set back', async () => {
    const { put, sums } = await openHub();
    const started = (at: number, value: number) => gauge(at, 'process_start_time_seconds') + counter(value);
    await put('x', started(1_000, 5));
    await put('x', started(1_000.4, 6));
    await put('x', started(500, 7));
    const created = (at: number, value: number) =>
      `# TYPE b_total counter\nb_total ${value}\n${gauge(at, 'b_created')}`;
    await put('y', created(1_000, 1));
    await put('y', created(500, 4));
    expect(await sums()).to.deep.include({ a_total: [13], b_total: [5] });
  });

  it('ignores creation times that are not finite, and counts a repeated push once', async () => {
    const { put, sums } = await openHub();
    for (const created of [Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, 5, Number.NaN]) {
      await put('x', `# TYPE b_total counter\nb_total 10\n${gauge(created, 'b_created').replace('Infinity', '+Inf')}`);
    }
    expect(await sums()).to.deep.include({ b_total: [10] });
  });

  it('drops gauges by their age, not by the wall-clock time', async () => {
    let wall = 1_000_000;
    let age = 0;
    const { put, sums } = await openHub({ expireSeconds: 10, now: () => wall, monotonicNow: () => age });
    await put('x', gauge(5));
    wall += 86_400_000;
    expect(await sums()).to.deep.equal({ g: [5] });
    wall -= 2 * 86_400_000;
    age += 10_001;
    expect(await sums()).to.deep.equal({});
  });

  it('counts an expired pusher from its last push, however many others have pushed meanwhile', async () => {
    let now = 0;
    const { post, sums } = await openHub({ maxGroups: 10, maxSeries: 50, expireSeconds: 10, now: () => now });
    await post('expired', counter(7, '{kind="old"}') + gauge(1));
    for (let pusher = 0; pusher < 200; pusher += 1) {
      now += 2_000;
      await post(`p${pusher}`, counter(1));
    }
    await post('expired', counter(9, '{kind="old"}'));
    expect(await sums()).to.deep.equal({ a_total: [200], 'a_total{kind="old"}': [9] });
  });

  it('rejects new pushers instead of forgetting the counts of expired pushers', async () => {
    let now = 0;
    const { put, sums } = await openHub({ maxStateBytes: 20_000, expireSeconds: 10, now: () => now });
    let accepted = 0;
    let refused = '';
    while (refused === '') {
      now += 20_000;
      const outcome = await rejectionOf(put(`p${accepted}`, counter(1)));
      if (outcome === 'taken') accepted += 1;
      else refused = outcome;
    }
    expect(accepted).to.be.within(50, 200);
    expect(refused).to.match(
      /^507 names, labels, help texts and numbers would take \d+ bytes; the hub stores at most 20000\. /,
    );
    for (let pusher = 0; pusher < accepted; pusher += 1) {
      now += 20_000;
      await put(`p${pusher}`, counter(2));
    }
    expect(await sums()).to.deep.equal({ a_total: [2 * accepted] });
  });

  it('limits the bytes of names, labels and help texts, and still accepts other pushers', async () => {
    const { put, end, sums } = await openHub({ maxStateBytes: 1_000_000 });
    await put('x', counter(1));
    const labels = (count: number) =>
      Array.from({ length: count }, (_, index) => `b_total{n="${index}",l="${'a'.repeat(10_000)}"} 1\n`).join('');
    const large = (count: number) => `# TYPE b_total counter\n${labels(count)}`;
    expect(await rejectionOf(put('y', large(60)))).to.contain('507 names, labels, help texts and numbers would take');
    await put('x', counter(2));
    expect(await sums()).to.deep.equal({ a_total: [2] });
    await put('y', large(30));
    expect(await rejectionOf(put('z', large(40)))).to.contain('507');
    await put('y', large(30));
    await end('y');
    await put('z', large(30));
    expect((await sums()).a_total).to.deep.equal([2]);
  });

  it('limits the texts of one series', async () => {
    const { put, sums } = await openHub();
    const text = 'a'.repeat(17_000);
    for (const push of [`a{l="${text}"} 1\n`, `# HELP a ${text}\na 1\n`, `${text} 1\n`]) {
      expect(await rejectionOf(put('x', push))).to.match(
        /^413 line 1: .+ has 170\d\d characters; expected at most \d+$/,
      );
    }
    expect(await sums()).to.deep.equal({});
  });

  it('does not count expired pushers toward the limits of pushers and series', async () => {
    let now = 0;
    const { put, sums } = await openHub({ maxGroups: 2, maxSeries: 6, expireSeconds: 10, now: () => now });
    await put('x', counter(1));
    await put('y', counter(1));
    expect(await rejectionOf(put('z', counter(1)))).to.contain('507 the limit of 2 pushers is reached');
    now += 11_000;
    await put('y', counter(2));
    await put('z', counter(5));
    expect(await sums()).to.deep.equal({ a_total: [8] });
    const many = Array.from({ length: 4 }, (_, index) => `a_total{n="${index}"} 1\n`).join('');
    expect(await rejectionOf(put('z', `# TYPE a_total counter\n${many}`))).to.contain('507 the hub would have');
    expect(await sums()).to.deep.equal({ a_total: [8] });
  });

  it('includes the metrics that a POST keeps in the limit of series', async () => {
    const { post, sums } = await openHub({ maxSeries: 2 });
    await post('x', '# TYPE a gauge\na 1\n');
    await post('x', '# TYPE b gauge\nb 1\n');
    expect(await rejectionOf(post('x', '# TYPE c gauge\nc 1\n'))).to.contain('507 the hub would have 3 series');
    await post('x', '# TYPE b gauge\nb 2\n');
    expect(await sums()).to.deep.equal({ a: [1], b: [2] });
  });
});
