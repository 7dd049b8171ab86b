import { inLanes } from './lanes.ts';

const { signal } = new AbortController();

it('does every piece once and gives the results in order, whichever lane was faster', async () => {
  const results = await inLanes({ count: 50, lanes: 4, signal }, async (number, lane) => {
    for (let turn = 0; turn < lane; turn += 1) await Promise.resolve();
    return number;
  });
  expect(results).toEqual(Array.from({ length: 50 }, (_, number) => number));
});

it('never has more under way than there are lanes', async () => {
  let under = 0;
  let most = 0;
  await inLanes({ count: 20, lanes: 3, signal }, async () => {
    most = Math.max(most, (under += 1));
    await Promise.resolve();
    under -= 1;
  });
  expect(most).toBe(3);
});

it('stops when it is told to', async () => {
  const controller = new AbortController();
  const done: number[] = [];
  const work = inLanes({ count: 10, lanes: 1, signal: controller.signal }, async (number) => {
    done.push(number);
    if (number === 2) controller.abort(new Error('enough'));
  });
  await expect(work).rejects.toThrow('enough');
  expect(done).toEqual([0, 1, 2]);
});
