// Draws docs/terminal.svg, the picture in the README: a real quickstart in a real terminal, taken while it runs.
//   node scripts/picture.mjs
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [cols, rows] = [100, 26];
/** One task done, one in mid-answer, one that waits for its first word. */
const moment = /~\d+ tok\/s +\S.*1\/3 done · 2 running/s;

const terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true });
const bin = fileURLToPath(new URL('../bin/ollama-orchestrate.js', import.meta.url));
const prompt = '$ npx ollama-orchestrate quickstart\r\n';
const program = spawn(process.execPath, [bin, 'quickstart', '--seed', '3'], {
  cols,
  rows,
  env: { ...process.env, CI: '' },
});
await new Promise((resolve) => terminal.write(prompt, resolve));

const lines = await new Promise((resolve, reject) => {
  program.onExit(() => {
    const seen = readScreen().map((line) => line.map(({ text }) => text).join(''));
    reject(new Error(`the run ended before the moment of the picture came:\n${seen.join('\n')}`));
  });
  program.onData((data) =>
    terminal.write(data, () => {
      const screen = readScreen();
      if (moment.test(screen.map((line) => line.map(({ text }) => text).join('')).join('\n'))) resolve(screen);
    }),
  );
});
program.kill('SIGKILL');
writeFileSync(new URL('../docs/terminal.svg', import.meta.url), toSvg(lines));

/** The screen as runs of cells of one look. */
function readScreen() {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: rows }, (_, y) => readLine(active.getLine(active.baseY + y)));
  const last = lines.findLastIndex((line) => line.length > 0);
  return lines.slice(0, last + 1);
}

function readLine(line) {
  const runs = [];
  for (let x = 0; x < cols; x++) {
    const cell = line?.getCell(x);
    if (!cell || cell.getWidth() === 0) continue;
    const look = JSON.stringify([cell.isFgPalette() ? cell.getFgColor() : -1, cell.isBold() > 0, cell.isDim() > 0]);
    const text = cell.getChars() || ' ';
    if (runs.at(-1)?.look === look) runs.at(-1).text += text;
    else runs.push({ x, look, text });
  }
  while (runs.length > 0 && runs.at(-1).text.trim() === '') runs.pop();
  return runs;
}

function toSvg(lines) {
  const [width, height] = [8.4, 18];
  const palette = ['#3b4252', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#dcdfe4'];
  const style = (look) => {
    const [color, bold, dim] = JSON.parse(look);
    const fill = color < 0 ? '#dcdfe4' : (palette[color % 8] ?? '#dcdfe4');
    const isGrey = color === 8;
    return `fill="${isGrey ? '#7f848e' : fill}"${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}`;
  };
  const texts = lines.flatMap((line, y) =>
    line.map(
      ({ x, look, text }) =>
        `<text x="${(16 + x * width).toFixed(1)}" y="${32 + y * height}" textLength="${([...text].length * width).toFixed(1)}" xml:space="preserve" ${style(look)}>${escape(text)}</text>`,
    ),
  );
  const size = [Math.ceil(cols * width + 32), lines.length * height + 40];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(' ')}" width="${size[0]}" height="${size[1]}" role="img" aria-label="A quickstart while it runs: three tasks in a live view">
<rect width="100%" height="100%" rx="8" fill="#1e2127"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
${texts.join('\n')}
</g>
</svg>
`;
}

function escape(text) {
  return text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]);
}
