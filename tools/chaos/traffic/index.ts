export { type Doors } from './doors.ts';
export { Subscriber } from './subscriber.ts';
export { Traffic } from './traffic.ts';
