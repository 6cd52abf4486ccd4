import type { RunRecord } from '../events/to-run-document.ts';
import { createAtEnd } from './at-end.ts';
import { formatReport, type ReportOptions } from './markdown.ts';
import type { RenderContext, Renderer } from './renderer.ts';

/** GitHub refuses a step's summary above 1 MiB. */
const maxBytes = 1_000_000;

/** From all that is to be told down to what always fits. */
const attempts: readonly ReportOptions[] = [
  { maxOutputLength: 50_000, maxRows: 500 },
  { maxOutputLength: 2_000, maxRows: 200 },
  { maxOutputLength: 0, maxRows: 50 },
];

/** Adds the report to the job summary of a CI run: the file that `GITHUB_STEP_SUMMARY` names. */
export function createStepSummary({ host }: RenderContext): Renderer {
  return createAtEnd(async (run) => {
    const path = host.env['GITHUB_STEP_SUMMARY'];
    if (!path) return;
    try {
      await host.files.append(path, fitting(run));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      host.io.stderr.write(`warning: the summary of the step could not be written: ${reason}\n`);
    }
  });
}

function fitting(run: RunRecord): string {
  const reports = attempts.map((options) => () => formatReport(run, options));
  for (const report of reports) {
    const text = report();
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  return `${formatReport({ state: run.state, finished: new Map() }, { maxOutputLength: 0, maxRows: 50 }).slice(0, maxBytes / 4)}\n`;
}
