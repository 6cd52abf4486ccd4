/** What a word of a prompt speaks for. */
export type WordGroup = (typeof wordGroups)[number];

/** Every group is one feature of the classifier, however many words it has. */
export const wordGroups = [
  'language',
  'technology',
  'code',
  'codeHint',
  'math',
  'mathHint',
  'contest',
  'writing',
  'writingHint',
  'question',
] as const;

/**
 * Words by group, as they are found in text: in lower case, whole. `*` at the end: every word that begins so, for
 * languages that bend their words. Words of scripts without blanks are found anywhere, and have two characters.
 */
export const words: Readonly<Record<WordGroup, string>> = {
  /** Names of programming languages that are no everyday words. */
  language: `
    python python2 python3 javascript js typescript ts jsx tsx java c++ cpp c# csharp c89 c99 golang ruby php perl kotlin
    scala haskell clojure elixir erlang fortran cobol lua matlab octave vba vbscript sql mysql postgresql postgres sqlite
    plsql tsql hivesql html html5 css css3 scss sass bash zsh powershell asm assembly verilog vhdl solidity graphql
    objective-c f# ocaml prolog delphi dart zig nim webassembly wasm glsl hlsl cuda opencl arduino autohotkey awk sed
    dockerfile makefile cmake cmakelists yaml xaml regex regexp xpath`,
  /** Names of libraries, tools and systems that are no everyday words. */
  technology: `
    numpy pandas scipy sklearn scikit-learn matplotlib seaborn ggplot ggplot2 dplyr tidyverse tensorflow pytorch 
    keras jax huggingface transformers opencv tkinter pyqt pyqt5 pyside pygame django flask fastapi selenium puppeteer
    playwright beautifulsoup scrapy asyncio jupyter colab react reactjs vue vuejs angular svelte nextjs next.js nuxt
    node.js nodejs  npm yarn webpack vite jquery bootstrap tailwind laravel symfony drupal wordpress  
    springboot hibernate maven gradle junit pytest  expressjs prisma redux pinia flutter swiftui xcode 
    ios jetpack compose unity unity3d unreal godot    git github gitlab docker kubernetes k8s 
    terraform ansible jenkins aws azure gcp lambda ec2 s3 vpc nginx apache linux unix ubuntu debian centos nixos 
     redis mongodb kafka rabbitmq elasticsearch firebase supabase cassandra  hadoop  databricks
    snowflake airflow dbt  dax tableau   qt fltk opengl vulkan ffmpeg wireshark nmap vim neovim
    vscode emacs intellij  visualstudio esp32 stm32   fpga  openai langchain  `,
  /** Words of programming that have no other meaning in everyday talk, in many languages. */
  code: `
    code codes coding coder codebase source-code pseudocode scripting programming
    programmer function functions algorithm algorithms api apis endpoint endpoints backend frontend back-end front-end
    fullstack debug debugging debugger bug bugs compile compiler compiled compilation runtime refactor refactoring
    refactored array arrays dataframe dataframes tuple tuples hashmap dict boolean integer integers int float struct
    pointer pointers recursion recursive iterator mutex multithreading async await parser parse parsing regexes syntax
    stacktrace traceback segfault exception exceptions nullpointerexception unittest unittests database databases schema
    query queries subquery deploy deployment webhook middleware websocket server-side repository repo commit git
    framework frameworks library libraries module modules sdk ide cli gui ui app apps website webpage
    frontpage linter config implement implementation implements implementing snippet callback
    variable variables constructor inheritance polymorphism oop dom div span iframe checkbox dropdown
    localhost terminal console stdin stdout cmd bytecode hex binary decode encode decoder encrypt decrypt kernel driver
    firmware microcontroller crawler scraper scraping bot chatbot dataset tensor embeddings neural
    код* программ* скрипт* функци* алгоритм* массив* строк* бот* бота сервер* приложени* библиотек* переменн* сайт*
    代码 函数 脚本 编程 程序 算法 数组 接口 数据库 变量 程式 函式 編程 演算 コード 関数 実装 配列 変数 코드 함수 스크 프로 클래
    código codigo función funcion función programa programar funciones função funções programação script
    fonction fonctions programme programmer algorithme codes codeausschnitt funktion funktionen programm programmiere
    quellcode codice funzione programma kod kodu fonksiyon koodi funktio hàm mã lập-trình kód funkce`,
  /** Words that are common in programming, and not rare elsewhere. */
  codeHint: `
    class classes method methods file files folder folders directory button buttons click page server servers table
    column columns row rows input output outputs string strings list lists loop loops test tests error errors fix run
    runs running execute execution object objects property key keys value values type types data user users login
    password request response requests get post http https url urls link web browser import export load save upload
    download log logs logger logging thread threads memory cpu gpu cache performance optimize optimise efficient
    component components interface design template render background color width height center element elements image
    images video icon font animation game player screen window menu widget network model train training layer layers
    node nodes tree graph stack queue linked sorted sort search filter map index install setup package version
    update add remove delete create build make generate convert modify change replace handle support feature features
    script scripts program programs application applications json csv xml markdown latex configuration
    android excel telegram discord minecraft windows macos chatgpt llm blender maya bi
    system software hardware device command commands option options`,
  /** Words of mathematics, statistics and physics problems. */
  math: `
    prove proof theorem lemma corollary equation equations inequality integral integrals integrate derivative derivatives
    differentiate polynomial polynomials matrix matrices eigenvalue eigenvalues determinant vector vectors probability
    probabilities combinatorics permutation permutations combination combinations factorial logarithm log trigonometry
    sine cosine tangent triangle triangles circle radius diameter circumference rectangle perimeter parallelogram
    polygon hypotenuse prime primes divisible divisor divisors modulo remainder remainders multiple lcm gcd fraction
    fractions arithmetic algebra algebraic geometry geometric calculus logic statistics statistical mean median variance
    deviation standard distribution percent percentage ratio proportion interest compounded annuity investment invested
    velocity acceleration force mass momentum energy voltage resistor ohm circuit dilute solution concentration
    hypothesis p-value correlation regression expected quadratic linear root roots digit digits decimal calculate
    calculating compute solve solving solved evaluate simplify sum sums product difference average total odd even
    число числа чисел вероятност* уравнен* докаж* доказат* интеграл* производн* вычисл* решит* найти найдит* задач*
    сумм* процент* рассчита* посчита* формул* корн* сложност* доходност*
    证明 概率 方程 积分 导数 求解 计算 公式 矩阵 函数 数学 质数 整数 公倍 原函 最大 最小 向量 集合 约束 變數 確率 証明 計算 확률 자연 경우
    probabilidad ecuación ecuacion integral derivada demostrar calcular calcula cuánto cuanto número numero
    probabilité équation dérivée démontrer calculer intégrale combien wahrscheinlichkeit gleichung ableitung beweise
    berechne integrale calcola tính toán số phương xác suất bài tập bằng lãi diketahui bilangan hitung`,
  /** Words that are common in problems with numbers, and not rare elsewhere. */
  mathHint: `
    many much number numbers find value values each per times long far fast speed distance height length time times
    hours hour minutes minute seconds second days day years year months month weeks week rate cost price prices profit
    loss salary payment pay tax money dollars dollar cents kg km meters meter metres cm mm feet foot miles mile grams
    mg ml liters litres mph watt watts degrees temperature between greater less than least most exactly maximum minimum
    suppose assume given let positive negative real set random chance dice coin coins ball balls box marbles jar
    estimate round nearest answer step steps problem problems question correct true false point points`,
  /** How tasks of programming contests are set. */
  contest: `
    constraints testcase testcases monocarp codeforces leetcode hackerrank output/input
    输入 输出 样例 题目 描述 数据`,
  /** Forms of text people write to be read, in many languages. */
  writing: `
    story stories short-story poem poems poetry poet haiku sonnet limerick lyric lyrics song songs rap verse verses
    rhyme rhymes rhyming rhymed essay essays novel novels novelist fiction fictional fanfic fanfiction screenplay scene
    scenes dialogue dialog dialogs monologue narrative narrator narration protagonist antagonist character characters
    plot storyline chapter chapters tale tales fable fairytale fairy letter email e-mail blog article articles
    newspaper speech headline slogan tagline joke jokes standup punchline punchlines humor humorous humour comedy comedic satire
    parody riddle diary journal anime manga movie film episode sitcom cartoon roleplay role-play persona imagine
    pretend creative craft writer author script-for transcript greentext fantasy sci-fi horror romance romantic villain
    hero heroine wizard dragon vivid emotional tongue lipogram caption press essayist autobiography
    стих* стихотворен* рассказ* истори* сказк* басн* песн* поэм* роман* сценари* персонаж* рифм* диалог* сочин* четверостиш* текст
    故事 小说 小說 诗歌 歌词 文章 日记 剧本 劇本 角色 散文 作文 情节 写作 短文 创作 小説 物語 俳句 詩を 詩の 歌詞 設定 世界 キャ 작품 소설 이야 노래 대사
    historia cuento poema poesía relato novela diálogo dialogo personaje personajes guion canción história conto roteiro
    diário crônica histoire poème roman dialogue personnage conte chanson geschichte kurzgeschichte gedicht lied roman
    brief racconto poesia storia romanzo příběh povídka báseň scénář filmový thơ truyện kịch câu-chuyện nhật video bài-hát
    tarina runo novelli opowiadanie wiersz hikaye şiir ποίημα ποιημα סיפור`,
  /** Words that are common where texts are written, and not rare elsewhere. */
  writingHint: `
    write written writing tell about style tone words paragraph paragraphs sentence sentences title titles describe
    describes love life world girl boy man woman friend friends family she he her his him they their feel feels feeling
    voice dark night heart soul dream death war king queen city school day detailed detail detailed verbose rewrite
    edit proofread summarize summarise summary paraphrase tone audience reader readers engaging persuasive professional
    formal casual compose draft outline review reviews marketing product-description
    напиш* придумай стиле любви жизни 写一 一篇 风格 描写 escribe escreva écris écrire schreibe scrivi viết genera`,
  /** Questions of fact and opinion. */
  question: `
    what why how which who when where explain describe discuss compare difference differences list provide give suggest
    examples example impact influence history theory principle principles role key`,
};
