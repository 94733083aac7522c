/** The clock of the control API: what grows old follows it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { clock } from '../helpers/clock.ts';
import { frontDoor } from '../helpers/ossite.ts';

let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
beforeAll(async () => {
  // A server of its own: its clock is moved.
  ossite = await startOssite({ port: 0, storage: 'memory', log: 'error' });
  door = frontDoor(ossite.endpoint);
});
afterAll(() => ossite.close());

describe('the clock', () => {
  it('is moved, goes on, and is set back', async () => {
    await clock(door, 'delete');
    const { now, ahead } = await clock(door, 'get');
    expect(ahead).toBe(0);
    const moved = await clock(door, 'put', { advance: 3600 });
    expect([moved.ahead, moved.now > now]).toEqual([3600, true]);
    const set = await clock(door, 'put', { now: '2031-05-06T07:08:09Z' });
    expect(set.now).toMatch(/^2031-05-06T07:08:(09|10)/);
    const bucket = await door.freshBucket();
    await door.put(bucket, 'later', Buffer.from('x'));
    const { headers } = await door.head(bucket, 'later');
    expect(headers['last-modified']).toMatch(/^Tue, 06 May 2031 07:08:/);
    // Clients compare their clocks with this one.
    expect(Math.abs(Date.parse(headers.date ?? '') - Date.now())).toBeLessThan(60_000);
    expect((await clock(door, 'delete')).ahead).toBe(0);
  });

  it.each([
    '',
    'no json',
    'null',
    '{}',
    '{"now": "yesterday"}',
    '{"now": "1969-12-31T23:59:59Z"}',
    '{"now": "2200-01-01T00:00:00Z"}',
    '{"now": 5}',
    '{"advance": "5"}',
    '{"advance": 1e300}',
    '{"advance": 1, "now": "2030-01-01T00:00:00Z"}',
    `{"advance": ${'1'.repeat(70_000)}}`,
  ])('refuses %.40s', async (body) => {
    expect(await clock(door, 'put', body)).toMatchObject({ status: 400, error: { code: 'InvalidArgument' } });
  });
});
