import type { Kind } from '../../lib/kinds.ts';

/** What a prompt asks for in so many words. */
interface ClearRequest {
  kind: Kind;
  /** Begins a sentence of the request. */
  pattern: RegExp;
  /** Then it is about a program, and clear no more. */
  unless?: RegExp;
}

/** How people begin when they ask, in front of the verb. Patterns are held against lower case. */
const please = String.raw`(?:^|[.!?:\n]\s*)(?:(?:please|kindly|now|then|bitte|por favor|s'il vous pla[iî]t|пожалуйста|请|請|(?:can|could|would) you(?: please)?|i (?:want|need|would like) you to|your task is to)[,\s]*)?`;
const languages =
  'english|german|french|spanish|italian|japanese|chinese|mandarin|korean|portuguese|russian|dutch|polish|turkish|arabic|hindi|ukrainian|greek|swedish|danish|norwegian|finnish|czech|hungarian|hebrew|vietnamese|thai|indonesian|latin|deutsche?|englische?|französische?|spanische?|italienische?|anglais|français|allemand|espagnol|inglés|español|alemán|francés|inglês|português|английский|русский|немецкий|французский|испанский';
const codeWords =
  /\b(?:code|coding|function|class|method|script|program|regex|sql|query|python|java(?:script)?|typescript|c\+\+|c#|rust|golang|php|ruby|bash|html|css|api|test|bug)\b|код|代码|コード|코드/;

const clearRequests: readonly ClearRequest[] = [
  {
    kind: 'translation',
    pattern: new RegExp(
      String.raw`${please}(?:translate\b|übersetze?\b|tradui[st]\b|traduisez\b|traduce\b|traduzca\b|traduza\b|traduz\b|traduci\b|переведи|vertaal\b|przetłumacz|çevir|dịch\b|翻[译譯訳])|\btranslat(?:e|ion|ing)\b[^.?!\n]{0,60}\b(?:into|to|from) (?:${languages})\b|\b(?:put|say|render|express|turn)\b[^.?!\n]{0,60}\b(?:into|in) (?:${languages})\b|\b(?:${languages}) translat(?:or|ion)\b|ins? (?:deutsche|englische|französische|spanische|italienische)\b|翻译成|翻譯成|に翻訳|訳して|번역`,
    ),
    unless: codeWords,
  },
  {
    kind: 'embedding',
    pattern: new RegExp(
      String.raw`${please}(?:embed|vectori[sz]e|(?:create|compute|generate|make|give me|return)(?: an?| the)? (?:vector )?embeddings? (?:of|for))\b[^.?!\n]{0,20}(?:\b(?:this|these|the following)\b|:)`,
    ),
    unless: codeWords,
  },
  {
    kind: 'extraction',
    pattern: new RegExp(
      String.raw`${please}(?:(?:extract|pull out|parse out)\b|(?:identify|list|find|collect|give me|name|get)\b(?: me)?(?: all| every| each)?(?: of)?(?: the)?(?: named)? (?:named entit|entit|names|dates|persons|people|places|organi[sz]ations|locations|companies|amounts|(?:e-?mail )?addresses|phone numbers|key ?words|facts|mentions)|(?:extrahiere|extrae|extraiga|extrais|extrayez|extraia|estrai|извлеки|提取|抽取|抽出))|\bnamed entit(?:y|ies)\b`,
    ),
    unless: codeWords,
  },
  {
    kind: 'writing',
    pattern: new RegExp(
      String.raw`${please}(?:summari[sz]e|sum up|paraphrase|proofread|rephrase|reword|shorten|(?:write|give me|make) an? (?:short |brief |one-line )?(?:summary|abstract)|fass[et]?\b.{0,40}\bzusammen|résume[rz]?\b|resum[ae]\b|riassumi|кратко изложи|总结|概括|要約)`,
    ),
    unless: codeWords,
  },
];

const greeting =
  /^\s*(?:(?:hi|hello|hey|hallo|hola|bonjour|salut|ciao|olá|привет|здравствуй(?:те)?|你好|您好|こんにちは|안녕(?:하세요)?|moin|servus|thanks|thank you|danke|merci|gracias|good (?:morning|afternoon|evening|night)|bye|goodbye)(?![\p{L}\p{N}])|(?:.{0,20}\b)?how are you\b)/u;
/** A greeting with more after it is a way to begin. */
const longestChat = 60;

/** What is looked at: requests stand at the beginning, or below what they are about. */
const beginning = 200;
const end = 160;

/**
 * The kind a prompt names itself; undefined when nothing is clear.
 * @param prose the prompt without the code that stands in it
 */
export function findClearRequest(prose: string): Kind | undefined {
  const edges = prose.length <= beginning + end ? prose : `${prose.slice(0, beginning)}\n${prose.slice(-end)}`;
  // Patterns that leave case aside take several times as long to compile, which every run would wait for.
  const asked = edges.toLowerCase();
  if (asked.length <= longestChat && greeting.test(asked) && !codeWords.test(asked)) return 'chat';
  return clearRequests.find(({ pattern, unless }) => {
    const match = pattern.exec(asked);
    return match !== null && unless?.test(sentenceAt(asked, match)) !== true;
  })?.kind;
}

/** The sentence a match stands in. */
function sentenceAt(text: string, { 0: found, index }: RegExpExecArray): string {
  const from = index + (/^[.!?:\n]/.test(found) ? 1 : 0);
  const rest = text.slice(from);
  const stop = rest.slice(found.length).search(/[.!?:\n]/);
  return stop === -1 ? rest : rest.slice(0, found.length + stop);
}
