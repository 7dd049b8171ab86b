import { eventually } from './eventually.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { TcpSides } from './tcp-sides.ts';

/** basic.ack of message 1 on channel 1. */
const CONFIRM = Buffer.from('0100010000000d003c0050000000000000000100ce', 'hex');

describe('a frozen connection', () => {
  let sides: TcpSides;
  let proxy: FaultProxy;

  beforeEach(async () => {
    sides = await TcpSides.open();
    ({ proxy } = sides);
  });

  afterEach(() => sides.close());

  it('passes nothing either way, while new connections work, and makes up for it after the thaw', async () => {
    const [client, peer] = await sides.connect();
    expect(proxy.freeze()).toBe(1);
    client.socket.write('up');
    peer.socket.write('down');
    await sides.roundTrip();
    expect([client.received, peer.received]).toEqual(['', '']);
    expect([client.closed, peer.closed]).toEqual([false, false]);
    proxy.thaw();
    await peer.got('up');
    await client.got('down');
  });

  it('tells nobody that a side has gone, until it thaws', async () => {
    const [ending, endingPeer] = await sides.connect();
    const [resetting, resettingPeer] = await sides.connect();
    proxy.freeze();
    ending.socket.end();
    resetting.socket.resetAndDestroy();
    await sides.roundTrip();
    expect([endingPeer.ended, resettingPeer.closed]).toEqual([false, false]);
    proxy.thaw();
    await eventually('the end', () => endingPeer.ended);
    await resettingPeer.wasReset();
  });

  it('stays as it is when it is frozen again right after a thaw', async () => {
    const [client, peer] = await sides.connect();
    proxy.freeze();
    client.socket.write('up');
    await sides.roundTrip();
    proxy.thaw();
    proxy.freeze();
    await sides.roundTrip();
    expect(peer.received).toBe('');
    proxy.thaw();
    await peer.got('up');
  });

  it('can be cut, and then gives up what it held', async () => {
    const [client, peer] = await sides.connect();
    proxy.swallowConfirms(1);
    proxy.freeze();
    client.socket.write('up');
    peer.socket.write(CONFIRM);
    await sides.roundTrip();
    proxy.cut();
    proxy.thaw();
    await Promise.all([client.wasReset(), peer.wasReset()]);
    await sides.roundTrip();
    expect(peer.received).toBe('');
    expect(proxy.counts.confirms).toBe(0);
  });
});
