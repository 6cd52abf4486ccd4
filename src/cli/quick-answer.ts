import { helpPage } from './help-page.ts';
import { versionLine } from './version-line.ts';

/**
 * What is asked for by people in a hurry, said without loading the command tree, which takes longer than all the rest.
 * @param columns width of the terminal; undefined where there is none
 */
export function quickAnswer(argv: readonly string[], columns: number | undefined): string | undefined {
  const [flag, ...others] = argv;
  if (others.length > 0) return undefined;
  if (flag === '--version' || flag === '-v') return `${versionLine}\n`;
  if ((flag !== '--help' && flag !== '-h') || (columns ?? pageWidth) !== pageWidth) return undefined;
  return helpPage;
}

/** The width the page is made for, and that of an output that is no terminal. */
const pageWidth = 80;
