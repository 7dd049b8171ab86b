import { cancel, cancelAll, deleteFunction, start, updateFunction } from './client-actions';
import { jobBuilds, jobEnds, reports, reportsLate, type Ending } from './job-actions';
import { deadlinePasses, reconcile } from './reconcile-actions';
import { NAMES, together, type Action, type Name, type Settings } from './system';
import { begins, claimSlots, does, failsAtIt, finishes, leasesRunOut, refuses } from './work-actions';

/** Where the system begins, and what may then happen, in every order. */
export interface Scene extends Settings {
  name: string;
  /** What has happened before. */
  given: readonly Action[];
  actions: readonly Action[];
}

const both = (action: (name: Name) => Action): Action[] => NAMES.map(action);

/** A build from its event to the queue. */
export const queued = (name: Name): Action => together(`start ${name}`, start(name), does('prepare', name));

/** All free slots are given, and their Jobs created. */
export const run = together('run', claimSlots, does('launch'), does('launch'));

/** The launcher notices how a Job ended. */
const noticed = (name: Name, ending: Ending): Action =>
  together(`Job of ${name} ends ${ending}`, jobEnds(name, ending), does('follow', name));

/** A Job ends, and its attempt with it. */
export const ends = (name: Name, ending: Ending): Action =>
  together(`${name} ends ${ending}`, jobEnds(name, ending), does('follow', name), does('verify', name));

/** Jobs are taken away, and whoever waits for their slot or their outcome is looked at. */
export const free = together('free', does('stop'), does('stop'), does('settle'), does('settle'));

const SCENES_BY_NAME: Record<string, Omit<Scene, 'name'>> = {
  'from the first event': {
    twins: false,
    forced: false,
    slots: 1,
    given: [],
    actions: [
      ...both(queued),
      run,
      ...both((name) => ends(name, 'well')),
      ends('A', 'passing'),
      ends('B', 'lasting'),
      free,
      ...both(cancel),
      does('deploy'),
    ],
  },
  'two attempts each': {
    twins: false,
    forced: false,
    slots: 2,
    given: both(queued),
    actions: [
      run,
      ...both((name) => ends(name, 'well')),
      ...both((name) => ends(name, 'passing')),
      deadlinePasses,
      free,
      cancel('A'),
    ],
  },
  'the same content': {
    twins: true,
    forced: false,
    slots: 2,
    given: [],
    actions: [
      ...both(queued),
      run,
      ...both((name) => ends(name, 'well')),
      ends('A', 'passing'),
      ends('A', 'lasting'),
      free,
      ...both(cancel),
      does('deploy'),
    ],
  },
  'the same content, one forced': {
    twins: true,
    forced: true,
    slots: 2,
    given: [],
    actions: [
      ...both(queued),
      run,
      jobBuilds('B'),
      ...both((name) => ends(name, 'well')),
      ...both((name) => ends(name, 'lasting')),
      free,
      cancel('B'),
      does('deploy'),
    ],
  },
  'outcomes shared with a twin': {
    twins: true,
    forced: false,
    slots: 2,
    given: [...both(queued), run],
    actions: [
      ends('A', 'well'),
      ends('A', 'lasting'),
      begins('one', 'settle'),
      finishes('one'),
      does('settle'),
      leasesRunOut,
      does('stop'),
      run,
      ends('B', 'well'),
      ...both(cancel),
    ],
  },
  'contexts by two workers': {
    twins: true,
    forced: false,
    slots: 2,
    given: [],
    actions: [
      ...both(start),
      begins('one', 'prepare'),
      begins('two', 'prepare'),
      finishes('one'),
      finishes('two'),
      refuses('B'),
      leasesRunOut,
      cancel('A'),
      cancelAll,
    ],
  },
  'Jobs by two launchers': {
    twins: false,
    forced: false,
    slots: 1,
    given: both(queued),
    actions: [
      claimSlots,
      begins('one', 'launch'),
      finishes('one'),
      failsAtIt('one'),
      does('launch'),
      leasesRunOut,
      ...both(cancel),
      does('stop'),
      reconcile,
      noticed('A', 'well'),
      does('verify'),
    ],
  },
  'reports and ends': {
    twins: true,
    forced: false,
    slots: 1,
    given: [...both(queued), run],
    actions: [
      reports('A', 'well'),
      reportsLate('A', 'well'),
      noticed('A', 'well'),
      noticed('A', 'unverified'),
      noticed('A', 'vanished'),
      begins('one', 'verify'),
      finishes('one'),
      cancel('A'),
      does('stop'),
      run,
    ],
  },
  'deployments by two deployers': {
    twins: false,
    forced: false,
    slots: 2,
    given: [...both(queued), run],
    actions: [
      ...both((name) => ends(name, 'well')),
      begins('one', 'deploy'),
      finishes('one'),
      does('deploy'),
      leasesRunOut,
      deleteFunction,
      updateFunction,
    ],
  },
};

export const SCENES: readonly Scene[] = Object.entries(SCENES_BY_NAME).map(([name, scene]) => ({
  name,
  ...scene,
}));

/** What all apps do by themselves, every Job ending well; the first that changes anything is the next. */
export const TO_REST: readonly Action[] = [
  does('prepare'),
  claimSlots,
  does('launch'),
  ...both((name) => jobEnds(name, 'well')),
  does('follow'),
  does('verify'),
  does('stop'),
  does('settle'),
  does('deploy'),
  leasesRunOut,
  reconcile,
];
