import type { RouteOption, RouteQuestion } from '../../../../src/routing/define-rule.ts';
import { hostOf, modelOf } from '../fleet.ts';

/** A model on a server, no rule has looked at it yet; `llava/see` is installed, with what the server says of it. */
export function optionOf(text: string, { installed = true, host = hostOf('http://a') } = {}): RouteOption {
  const model = text.split('/')[0] ?? '';
  return { model, place: 0, host, installed: installed ? modelOf(text) : undefined, score: 0, reasons: [] };
}

/** A question of which only the given parts matter. */
export function questionOf(parts: Partial<RouteQuestion> = {}): RouteQuestion {
  return { type: 'generate', kind: 'other', needs: ['completion'], preferences: {}, ...parts };
}

/** What a rule did to an option: points, reasons, and why it was dropped. */
export function effectOf({ score, reasons, dropped }: RouteOption): unknown[] {
  return [score, ...reasons, ...(dropped ? [dropped.code, dropped.reason] : [])];
}
