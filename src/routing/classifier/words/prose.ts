/** Forms of text people write to be read, and what stands in them, in many languages. */
const writing = `
  story stories storyline storytelling backstory poem poems poetry poet poetic haiku sonnet limerick ballad ode villanelle stanza stanzas
  lyric lyrics song songs rap verse verses chorus rhyme rhymes rhyming rhymed essay essays essayist novel novels novelist novella fiction
  fictional fanfic fanfiction screenplay script_for scene scenes skit dialogue dialog dialogs dialogues monologue soliloquy narrative
  narrator narration narrate protagonist antagonist character_named characters plot chapter chapters prologue epilogue tale tales fable
  fairytale letter_to love_letter cover_letter resignation_letter motivation_letter recommendation_letter resume_summary blog article
  articles newspaper press_release news_report speech toast eulogy vows headline headlines slogan slogans tagline taglines joke jokes
  standup punchline punchlines humor humorous humour comedy comedic satire satirical sarcastic parody riddle diary journal_entry anime
  manga movie film episode sitcom cartoon roleplay role_play role_playing persona pretend imagine creative creatively craft writer author
  playwright transcript greentext fantasy sci_fi horror romance romantic thriller villain hero heroine wizard dragon elf dwarf vampire
  knight princess vivid whimsical heartfelt emotional lipogram acrostic alliteration tongue_twister caption captions tweet tweets
  linkedin_post facebook_post social_media_post product_description copywriting copywriter advertisement ad_copy newsletter autobiography
  memoir biography obituary in_the_style_of style_of alternate_history alternate_timeline crossover dnd dungeon_master campaign_setting
  worldbuilding lore quest rewrite rephrase reword paraphrase proofread diss_track wedding birthday_card greeting_card names_for name_ideas
  стих* стихотворен* рассказ* истори* сказк* басн* песн* песен* поэм* роман* сценари* персонаж* рифм* диалог* сочин* четверостиш* эссе
  текст_песни письмо письма слоган* анекдот* шутк* придума* статью статья поздравлени* частушк* вірш* оповідан* казк* 故事 小说 小說 诗歌 詩歌 一首 首诗
  歌词 歌詞 文章 日记 日記 剧本 劇本 角色扮 散文 作文 情节 情節 写作 寫作 短文 创作 創作 小説 物語 俳句 詩を 詩の 設定 世界観 一封 辞职信 演讲 演讲稿 文案 标题 口号 祝福 童话 寓言 续写 扩写 润色 改写 扮演 论文 笑话 短歌 手紙 エッセ
  シナリ キャラ セリフ ストー 작품 소설 이야기 노래 대사 시를 수필 에세이 편지 시나리 캐릭터 가사 동화 독후감 historia cuento poema poemas poesía poesia relato novela diálogo dialogo
  personaje personajes guion canción ensayo conto contos roteiro diário crônica redação música história personagem carta_de carta_a
  histoire poème roman personnage conte chanson nouvelle_sur dissertation récit scénario lettre_de lettre_à rédige discours geschichte
  kurzgeschichte gedicht märchen lied brief aufsatz drehbuch erzählung rede_für figur_namens racconto storia romanzo canzone lettera_a
  tema_su sceneggiatura opowiadanie wiersz wypracowanie rozprawka list_do bajka bajkę esej piosenkę scenariusz příběh povídka povídku báseň
  scénář pohádku píseň hikaye hikayesi şiir öykü masal kompozisyon mektup senaryo thơ truyện kịch câu_chuyện bài_văn bài_hát đoạn_văn
  lá_thư nhật_ký video_ngắn cerpen puisi dongeng cerita surat_lamaran esai naskah pantun tarina runo novelli gedichtje verhaal opstel
  berättelse dikt novell saga قصة قصيدة رواية مقال شعر داستان נובלה סיפור שיר कहानी कविता निबंध ποίημα ποιημα ιστορία ιστορια povíd*
  příběh* opowiada* hikaye* şiir* geschicht* gedicht* märchen* tarina* kertom* romanz* poesi* novelle* monolog* dankesbrief bewerbung
  liebesbrief myth myths legend legends text_to_my announcement_to opening_paragraph noir detective voiceover voice_over commercial
  ad_about best_man bedtime main_character стишок рассказик* речь_на сочинить басню тост открытк* 武侠 一段小 散文诗 祝辞 情书 写信 广告 台词 编一个 讲一个`;

/** Words that are common where texts are written, and not rare elsewhere. */
const writingHint = `
  write written writing wrote tell about style tone words word paragraph paragraphs sentence sentences title titles describe describes
  describing description love loves life world girl boy man woman men women friend friends family mother father wife husband she he her his
  him they their feel feels feeling feelings voice dark night heart soul dream dreams death war king queen city town village school
  detailed detail verbose edit letter letters poet script summarize summarise summary audience reader readers engaging persuasive
  professional formal informal casual compose draft outline review reviews character marketing brand episode continue act imaginary
  original inspired funny sad happy serious dramatic mysterious magical ancient future spoken speaks says said asks asked smiles eyes hair
  face body hand door street forest sea ocean moon sun star stars rain winter summer autumn spring напиш* стиле любви любовь жизни мир
  девушк* мальчик* описа* короткий герой герои 写一 一篇 风格 描写 写个 字数 主角 生活 爱情 escribe escreva escribir écris écrire schreibe schreib scrivi
  napisz viết tulis buatkan buatlah yaz napiš skriv 书いて 書いて 써줘 써주 email emails mail message messages novel_set`;

/** Questions of fact and opinion. */
const question = `
  what why how which who whom whose when where explain discuss compare differences suggest recommend examples example impact influence
  effects causes history theory principle principles role key pros cons should advice tips ideas opinion best benefits meaning means почему
  какая какой какие кто когда где зачем объясни расскажи 为什么 為什麼 什么 怎么 如何 哪个 哪一 谁是 介绍 なぜ 何です どこ 教えて 무엇 어디 어떻게 설명 qué cuál quién dónde
  pourquoi quel quelle quels quelles qui warum welche welcher wer wo qual quais quem perché quale chi dlaczego który jaka jaki gdzie neden
  nedir kim nerede tại_sao là_gì ai_là apa mengapa siapa jelaskan dimana co_je proč recommended`;

/** What people live with and learn about that is neither made of code, of numbers nor of stories. */
const everyday = `
  capital country countries city_in population president government politics political policy policies election law laws legal court sue
  landlord tenant rights treaty empire revolution century ancient_rome medieval renaissance civilization colonial philosophy philosopher
  philosophers ethics ethical moral morality religion religious buddhism hinduism islam christianity bible church art painting paintings
  museum museums artist artists artworks music_history orchestra doctor disease diseases symptom symptoms medicine medicines drug drugs
  vaccine vaccines virus viruses bacteria pathogen pathogens infection patient patients pregnancy pregnant sleep headache pain blood liver
  heart_rate muscle muscles diet nutrition vitamin vitamins protein calories_in exercise workout gym therapy therapist mental_health
  anxiety depression stress psychology psychological biology biological cell_membrane dna organism species animal animals dog dogs cat cats
  snake bird birds fish plant plants flower flowers garden soil photosynthesis evolution ecosystem climate weather planet planets earth
  solar_system geology chemistry chemical molecule molecules atom atoms reaction reactions quantum_physics relativity gravity recipe
  recipes cook cooking bake baking oven flour sugar butter cheese chicken beef rice pasta sauce soup salad bread cake cookies eggs egg tea
  coffee wine beer restaurant food foods meal meals breakfast dinner travel trip trips hotel hotels flight flights tourist beach beaches
  visa passport sightseeing clothes clothing dress shirt shoes fashion hair_color makeup skin furniture carpet kitchen house_cleaning
  apartment rent mortgage insurance pension bank_account retirement credit_card economy economics economic inflation gdp unemployment
  fiscal monetary antitrust market_competition etiquette job_interview career resume_tips boss coworker colleague relationship
  relationships boyfriend girlfriend marriage divorce friendship party children kids parents parenting teenager teenagers baby teacher
  teachers students lesson_plan classroom university college homework exam_tips football soccer basketball tennis_player marathon olympic
  world_cup team_sport movie_recommendations documentary films car cars bicycle train_station bus tyre socrates kant plato aristotle
  shakespeare_play bullying stain stains ants мебел* столица столицу страна страны рецепт* приготов* врач* болезн* здоров* путешеств* кошк*
  собак* животн* закон_о истори_россии 首都 国家 历史 歷史 医生 健康 疾病 药物 菜谱 做法 红烧 旅游 旅行 动物 植物 天气 食物 减肥 孩子 父母 法律 经济 政治 料理 病気 歴史 山は 요리 건강 여행 역사 수도 음식
  país países gobierno historia_de receta salud enfermedad viaje viajar agua comida perro gato praias praia receita saúde viagem pays
  musées musée recette santé maladie voyage vin kopfschmerzen rezept gesundheit krankheit reise hauptstadt geschichte_der capitale ricetta
  salute viaggio przepis zdrowie podróż stolica tarif sağlık başkenti tatil sức_khỏe món_ăn du_lịch thủ_đô resep kesehatan ibukota wisata
  honey funeral constitution neutrality toddler toddlers cactus export_goods import_goods baroque classical_music diamond diamonds idiom
  phrase_mean deposit penicillin season visiting symptômes grippe montagne montaña montagna himmel abends pesto рис варить варят наполеон*
  столица* месяц_года 周末 月亮 地方 城市 电影 电视 感冒 明星 朝代 皇帝 地震 火山 世界上 最高的`;

export const proseWords = { writing, writingHint, question, everyday };
