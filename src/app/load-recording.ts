// In: a run that was kept, or a file of its events. Out: what it answered. Effects: reads the journal or the file.
import { ProblemError } from '../errors/problem.ts';
import { decodeEvent } from '../events/encode.ts';
import type { RunEvent, TaskFinished } from '../events/event.ts';
import { isSuccess } from '../events/to-run-document.ts';
import type { Host } from '../host/host.ts';
import { readTextFile } from '../host/read-text.ts';
import type { KeptModel } from '../journal/kept-run.ts';
import { loadEarlierRun } from '../journal/load-earlier-run.ts';
import { dataDirectory } from '../settings/directories.ts';

/** A run whose answers are to be given again. */
export interface Recording {
  /** Of the run. */
  id: string;
  /** By which it is found again. */
  ref: string;
  answers: TaskFinished[];
  /** The models it had to choose from, as far as it tells. */
  models: KeptModel[];
}

type RecordingHost = Pick<Host, 'files' | 'clock' | 'processes' | 'env' | 'cwd'>;

/**
 * Loads the recording that an argument names: a path, a name that ends in `.ndjson` or a file that is there, else a run.
 * @throws ProblemError `file-unreadable`, `usage-invalid` with the line, and those of {@link loadEarlierRun}
 */
export async function loadRecording(ref: string, host: RecordingHost): Promise<Recording> {
  if (/[\\/]|\.ndjson$/.test(ref) || (await isFile(ref, host))) {
    return recordingOf(parseEvents(await readTextFile(ref, host), ref), ref);
  }
  const { id, ended, models } = await loadEarlierRun(ref, dataDirectory(host), host);
  return checked({ id, ref: id, answers: [...ended.values()].filter(isSuccess), models }, `run ${id}`);
}

async function isFile(path: string, { files }: RecordingHost): Promise<boolean> {
  return files.read(path).then(
    () => true,
    () => false,
  );
}

function* parseEvents(text: string, file: string): Generator<RunEvent> {
  const lines = text.split('\n');
  let run: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const event = decodeEvent(line);
    // A process that was killed may have left half a line.
    if (!event && index === lines.length - 1 && run !== undefined) return;
    const fault = faultOf(event, run);
    if (fault !== undefined || !event) throw noRecording(file, index + 1, fault);
    run = event.run_id;
    yield event;
  }
  if (run === undefined) throw noRecording(file, 1, 'there is no event in it');
}

/** What is wrong with an event; what is not needed here is not looked at. */
function faultOf(event: RunEvent | undefined, run: string | undefined): string | undefined {
  if (!event || typeof event.run_id !== 'string') return 'this is no event of a run';
  if (run === undefined && event.type !== 'run.started') return `a run begins with run.started, not with ${event.type}`;
  if (run !== undefined && event.run_id !== run) return `this event is one of another run, ${event.run_id}`;
  const isWhole =
    event.type === 'run.started'
      ? Array.isArray((event as Partial<typeof event>).plan?.tasks)
      : event.type !== 'task.finished' || (typeof event.task === 'string' && typeof event.status === 'string');
  return isWhole ? undefined : `a part of this ${event.type} is missing`;
}

function noRecording(file: string, line: number, fault = 'this is no event of a run'): ProblemError {
  return new ProblemError({
    code: 'usage-invalid',
    message: `${file}:${line}: ${fault}`,
    hint: 'a recording is what ollama-orchestrate export-run RUN prints',
    location: { file, line, column: 1 },
  });
}

function recordingOf(events: Iterable<RunEvent>, file: string): Recording {
  const ended = new Map<string, TaskFinished>();
  const models = new Map<string, KeptModel>();
  const note = (host: string, model: string, digest: string | undefined): void => {
    const key = `${host} ${model}`;
    if (digest !== undefined || !models.has(key)) models.set(key, { host, model, digest: digest ?? '' });
  };
  let id = '';
  for (const event of events) {
    if (event.type === 'task.finished') {
      const { host, model_used, model_digest } = event;
      ended.set(event.task, event);
      if (host !== undefined && model_used !== undefined) note(host, model_used, model_digest);
    } else if (event.type === 'run.started') {
      id = event.run_id;
      for (const { candidates } of event.plan.tasks)
        for (const { host, model } of candidates) note(host, model, undefined);
    }
  }
  return checked({ id, ref: file, answers: [...ended.values()].filter(isSuccess), models: [...models.values()] }, file);
}

/** Answers without a fingerprint cannot be found again. */
function checked(recording: Recording, place: string): Recording {
  const { answers } = recording;
  const ofModels = answers.filter(({ model_used }) => model_used !== undefined);
  if (ofModels.length === 0 || ofModels.some(({ fingerprint }) => fingerprint !== undefined)) return recording;
  const message = `${place} was recorded by a version that did not keep what its answers are found by`;
  throw new ProblemError({ code: 'usage-invalid', message, hint: 'record it again: run it with this version' });
}
