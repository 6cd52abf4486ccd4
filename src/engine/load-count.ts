// In: answers, and how long each waited for its model. Out: how many loads they took. Pure.

import { isReloaded, type Held } from './server-memory.ts';

/** What an answer shows: that its model was in memory, and since when at the latest. */
export interface Sighting {
  host: string;
  model: string;
  /** How it was loaded. */
  loadedAs: Held;
  /** Places of the request and of its end among all that was sent and ended. */
  sentNo: number;
  endedNo: number;
  /** When it had its model, as far as that is known; the model then stayed until the end of the answer. */
  hadItAt: number;
  endedAt: number;
  /** Whether it waited so long that the model cannot have been there; undefined where the server does not tell. */
  hasWaited: boolean | undefined;
  /** Whether the server was believed to have the model when it was sent. */
  wasThere: boolean;
}

/** A time for which a model was in memory, as far as answers have shown. */
type Stay = Pick<Sighting, 'loadedAs' | 'endedNo' | 'endedAt'>;

/** A load of which a server told when it was over. */
interface Moment {
  at: number;
  /** Whether it may have been the load of another model, behind which the request had waited. */
  isDoubtful: boolean;
}

/** So exactly is known when a request had its model. No load is as short. */
const blurMs = 100;

/** So many of them, of one server. */
const moments = 64;

/** Counts loads by what answers show of the stays of models in memory. */
export class LoadCount {
  total = 0;
  readonly #stays = new Map<string, Stay>();
  /** By server, those that something may still have waited for. */
  readonly #moments = new Map<string, Moment[]>();

  /** @returns whether there was a load that had not been counted */
  see(sighting: Sighting): boolean {
    const { host, model, hadItAt, hasWaited } = sighting;
    const place = `${host}\n${model}`;
    const verdict = judge(sighting, this.#stays.get(place));
    this.#stays.set(place, sighting);
    if (verdict === 'there') return false;
    const isDoubtful = verdict === 'doubtful';
    if (hasWaited && !this.#isNewMoment(host, { at: hadItAt, isDoubtful })) return false;
    this.total += 1;
    return true;
  }

  /** A server loads one model after another: two loads that were over at the same moment were one. */
  #isNewMoment(host: string, moment: Moment): boolean {
    const known = (this.#moments.get(host) ?? []).slice(-moments);
    this.#moments.set(host, known);
    const same = known.find(
      ({ at, isDoubtful }) => (isDoubtful || moment.isDoubtful) && Math.abs(at - moment.at) <= blurMs,
    );
    if (!same) known.push(moment);
    else same.isDoubtful &&= moment.isDoubtful;
    return !same;
  }
}

/**
 * The first answer of a stay means a load, unless the model was there before. What was sent before that, and had its model
 * only after the last answer, may have waited behind the load of another model for which this one did not have to go.
 */
function judge(sighting: Sighting, stay: Stay | undefined): 'load' | 'doubtful' | 'there' {
  const { loadedAs, sentNo, hadItAt, hasWaited, wasThere } = sighting;
  const isSince = stay !== undefined && stay.endedNo > sentNo && !isReloaded(stay.loadedAs, loadedAs);
  if (!hasWaited) return isSince || wasThere ? 'there' : 'load';
  if (!isSince) return 'load';
  return hadItAt > stay.endedAt + blurMs ? 'doubtful' : 'there';
}
