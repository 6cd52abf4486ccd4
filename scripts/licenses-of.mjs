// What the authors of bundled packages ask for: that their licences go with their code.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The licences of the packages that these files are of, as one text. Throws when a package has none. */
export function licensesOf(files) {
  const folders = files.map(packageFolder).filter((folder) => folder !== undefined);
  return [...new Set(folders)]
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ folder, name, version, license }) => `${name} ${version} (${license})\n\n${textOf(folder, name)}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folder of the innermost package a file is in; undefined for files of our own. */
function packageFolder(file) {
  const [found] = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(file.replace(/^\0/, '')) ?? [];
  return found;
}

function textOf(folder, name) {
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined)
    throw new Error(`${name} comes without its licence, and must not be bundled: ${dirname(folder)}`);
  return readFileSync(`${folder}/${file}`, 'utf8').trim();
}
