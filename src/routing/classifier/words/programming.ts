/** Names of programming languages and notations that are no everyday words. */
const language = `
  python python2 python3 javascript js typescript ts jsx tsx java c++ cpp c# csharp c89 c99 c11 golang php php8 perl kotlin scala haskell
  clojure erlang fortran cobol luau matlab octave vba vbscript vb.net visual_basic sql mysql postgresql postgres sqlite mariadb plsql tsql
  pl/sql nosql html html5 css css3 scss sass less.js bash zsh powershell batch_file batch_script shell_script asm assembly_language
  assembler x86 x64 verilog vhdl systemverilog solidity graphql objective_c objectivec f# fsharp ocaml prolog delphi dart zig nim
  webassembly wasm glsl hlsl cuda opencl autohotkey applescript awk gawk dockerfile makefile cmake cmakelists yaml toml xaml xslt xpath
  xquery regex regexp regular_expression regular_expressions gdscript actionscript abap racket scheme_program lisp elisp smalltalk groovy
  coffeescript crystal_lang sparql tikz mermaid_diagram plantuml cfml simulink labview mathematica wolfram gcode ladder_logic micropython
  jython cython ironpython qml qbasic freebasic purescript reasonml rescript jsonnet hcl bicep pine_script pinescript mql4 mql5
  easylanguage asp.net dotnet css/html питон* пайтон* джава* шарп* lua_script in_lua lua_program in_ruby in_elixir in_r using_r r_script
  r_studio`;

/** Names of libraries, tools, products, protocols and formats that are no everyday words. */
const tool = `
  numpy pandas polars scipy sklearn scikit matplotlib seaborn plotly ggplot ggplot2 dplyr tidyr tidyverse rstudio tensorflow pytorch
  torchvision keras jax xgboost lightgbm catboost huggingface opencv cv2 tkinter pyqt pyqt5 pyqt6 pyside pyside6 pygame kivy wxpython
  django fastapi sqlalchemy pydantic selenium puppeteer playwright beautifulsoup bs4 scrapy asyncio aiohttp httpx aiogram telebot
  discord.py jupyter colab streamlit gradio dask pyspark nltk spacy react reactjs react.js vue vuejs vue.js vuex pinia angular angularjs
  svelte sveltekit nextjs next.js nuxt nuxtjs gatsby solidjs redux zustand mobx tanstack useeffect usestate usememo node.js nodejs deno npm
  npx pnpm webpack rollup babel eslint prettier jquery bootstrap tailwind tailwindcss chakra three.js threejs d3 d3.js chart.js expressjs
  express.js nestjs socket.io axios prisma sequelize mongoose typeorm knex laravel symfony codeigniter eloquent drupal wordpress
  woocommerce elementor joomla magento prestashop shopify_liquid liquid_template rails springboot jpa jdbc maven gradle junit mockito
  testng lombok thymeleaf javafx jvm jdk jre tomcat wildfly kafka rabbitmq activemq zeromq mqtt modbus opc_ua redis memcached mongodb mongo
  cassandra dynamodb couchdb neo4j elasticsearch opensearch kibana logstash influxdb timescaledb clickhouse bigquery redshift databricks
  duckdb hadoop hdfs mapreduce apache_spark airflow dbt dagster nifi flink hive_table firebase firestore supabase flutter swiftui uikit
  xcode cocoapods jetpack_compose gradlew apk ipa xamarin tauri blazor wpf winforms winui linq nuget unity3d unity2d unreal_engine godot
  roblox love2d monogame blender_script git github gitlab bitbucket gitignore gerrit svn docker dockerhub podman kubernetes k8s k3s kubectl
  helm_chart openshift terraform ansible pulumi vagrant jenkins jenkinsfile circleci teamcity sonarqube argocd prometheus grafana datadog
  sentry splunk nagios zabbix aws azure gcp ec2 s3 vpc iam_role cloudformation cloudfront cloudwatch route53 eks ecs fargate heroku vercel
  netlify cloudflare digitalocean nginx apache2 httpd haproxy traefik gunicorn uvicorn uwsgi pm2 systemd systemctl crontab cron ssh sshd
  sftp scp rsync samba nfs smb ldap active_directory kerberos oauth oauth2 openid saml jwt csrf xss cors ssl tls https_certificate
  letsencrypt certbot wireguard openvpn ipsec iptables ufw pfsense mikrotik vlan vlans dhcp dns nat bgp ospf tcp udp icmp ipv4 ipv6 subnet
  subnets subnetting cidr linux unix ubuntu debian centos redhat rhel archlinux nixos raspbian wsl wsl2 windows_10 windows_11 macos
  homebrew freebsd posix glibc musl gcc g++ clang llvm msvc mingw gdb lldb valgrind strace ldd chmod chown sudo grep egrep ripgrep xargs
  curl wget tar.gz untar apt dnf pacman pip pip3 pipenv conda anaconda virtualenv venv pypi jq yq ffmpeg imagemagick ghostscript pandoc
  tesseract wireshark tcpdump nmap netcat metasploit burp_suite hashcat ghidra vim neovim nvim emacs tmux vscode intellij pycharm webstorm
  visual_studio notepad++ postman swagger openapi protobuf grpc jsonl tsv parquet avro xlsx xls sqlite3 hdf5 ipynb geojson shapefile qgis
  arcgis gdal leaflet mapbox svg_file webgl webgpu opengl vulkan directx sdl2 sfml qt qtcreator fltk gtk imgui esp32 esp8266 stm32 arduino
  raspberry_pi raspberrypi nodemcu attiny atmega avr fpga i2c spi_bus uart rs485 rs232 freertos zephyr_rtos openwrt pihole pi_hole proxmox
  vmware virtualbox hyper_v qemu kvm_switch esxi truenas unraid synology jellyfin nextcloud home_assistant homeassistant openai gpt_4 gpt4
  langchain llamaindex llama.cpp ollama vllm lora qlora rag_pipeline pinecone faiss chromadb stable_diffusion comfyui power_bi powerbi dax
  metabase power_automate sharepoint google_sheets googlesheets appsscript vlookup xlookup sumif sumifs countif countifs hlookup
  arrayformula airtable zapier n8n make.com salesforce_apex soql servicenow odoo jira_workflow tampermonkey greasemonkey userscript
  chrome_extension manifest.json pytest unittest vitest rspec phpunit xunit nunit ethers.js web3.js web3 hardhat smart_contract
  smart_contracts erc20 erc721 metamask openmp mpi openacc pthread pthreads boost_library stl_container openscad ros2 bukkit spigot
  datapack fabric_mod twilio aosp adb fastboot bootloader uefi bios ntfs ext4 btrfs zfs raid5 nvme ssd hdd hdmi pcie ddr4 ddr5 rtx gpu gpus
  cpu cpus vram firewall firewalls vpn ip_address mac_address dataframe dataframes plt df np pd битрикс 1с mybatis springcloud 小程序
  jest_test with_jest in_jest my_nas nas_drive cypress commit_message`;

/** Words of programming that have no other meaning in everyday talk, in many languages. */
const code = `
  code codes coding coder codebase pseudocode scripting programming programmer programmers function functions algorithm algorithms api apis
  endpoint endpoints backend frontend back_end front_end fullstack debug debugging debugger debugged bug bugs buggy compile compiles
  compiler compiled compilation recompile transpile linker linting runtime refactor refactoring refactored array arrays subarray subarrays
  substring substrings tuple tuples hashmap hashtable hash_map hash_table dict dictionary_comprehension list_comprehension boolean booleans
  bool integer_overflow int ints float floats double_precision struct structs enum enums typedef pointer pointers nullptr recursion
  recursive recursively iterator iterators iterate iterates mutex semaphore deadlock race_condition multithreading multithreaded
  multi_threaded multiprocessing concurrency async asynchronous await coroutine coroutines goroutine goroutines parse parses parser parsers
  parsing tokenizer lexer syntax stacktrace traceback segfault segmentation_fault core_dump memory_leak garbage_collection
  garbage_collector buffer_overflow exceptions nullpointerexception typeerror valueerror keyerror indexerror attributeerror importerror
  modulenotfounderror referenceerror syntaxerror keyword_argument unittests unit_test unit_tests integration_test integration_tests
  test_case test_cases mock_object database databases db dbms schema schemas query queries subquery subqueries foreign_key primary_key
  left_join inner_join group_by stored_procedure deploy deploys deployed deploying deployment deployments devops webhook webhooks
  middleware microservice microservices monolith websocket websockets client_side serverless saas repo repos repository repositories
  pull_request merge_conflict libraries sdk ide cli gui ui ux app apps website websites webpage webpages web_page web_application
  landing_page linter config configs snippet snippets callback callbacks variable_name global_variable local_variable environment_variable
  environment_variables constructor destructor polymorphism encapsulation oop object_oriented design_pattern design_patterns singleton
  dependency_injection div divs span_element iframe checkbox checkboxes dropdown dropdowns textbox navbar tooltip hover localhost stdin
  stdout stderr cmd command_line command_prompt bytecode hex hexadecimal binary_search binary_tree linked_list decode decodes decoder
  decoding encode encoding encoder base64 utf_8 utf8 unicode ascii decrypt encrypt decryption encryption encrypted sha256 md5 aes rsa
  kernel device_driver firmware microcontroller microcontrollers crawler scraper scraping bot bots chatbot chatbots plugin plugins add_on
  userform json_object data_structure data_structures big_o time_complexity space_complexity load_balancer load_balancing rate_limiter
  rate_limiting caching shader shaders sprite sprites raycast tilemap viewport keyframes responsive_design dark_mode authentication
  authorization multi_tenant multitenant tenant_isolation sanitize payload payloads localstorage cookie_banner user_interface data_pipeline
  etl data_warehouse spreadsheet spreadsheets excel file_extension readme changelog open_source system_design low_level high_level_language
  bitwise bit_shift endianness opcode opcodes disassembly disassemble reverse_engineer reverse_engineering shellcode malware keylogger xor
  stylesheet stylesheets viewmodel mvvm mvc crud restful lambda_expression закодир* программист* программу программы программирован*
  приложени* скрипт* функци* алгоритм* массив* бота боту ботом боты сервер* библиотек* переменн* сайт сайта сайте
  сайты сайтов компилят* отлад* фреймворк* бэкенд* фронтенд* база_данных базу_данных базы_данных базе_данных репозитор* парс* верстк*
  вёрстк* интерфейс* линукс* докер* конфиг* рекурси* браузер* роутер* маршрутизатор* прошивк* микроконтроллер* эксель экселе процессор*
  видеокарт* програм* скрипта застосунк* 代码 代碼 脚本 腳本 编程 程序 算法 演算法 数组 陣列 接口 介面 数据库 資料庫 程式 函式 編程 爬虫 爬蟲 报错 報錯 调试 編譯 编译 部署 服务器 伺服器 前端 后端 後端 框架
  组件 網頁 网页 网站 網站 浏览器 软件 軟體 字符串 字串 线程 进程 缓存 指针 封装 异步 端口 路由 数据表 表单 按钮 正则 单片机 嵌入式 插件 控件 类的 循环 递归 链表 哈希 排序 源码 命令行 コード 関数 実装 配列 変数 プログ スクリ アプリ
  サーバ データ ベース クラス メソッ 例外 エラー ブラウ コンパ デバッ 正規表 ライブ フレー サイト ファイ ボタン 코드 함수 스크립 프로그 클래스 알고리 배열 변수 서버 앱을 웹사이 홈페이 데이터 오류 에러 컴파일 버튼 자바 파이썬 쿼리
  código codigo funções función_de programa_en programa_que programar programación programação programador aplicación aplicaciones
  aplicativo página_web pagina_web sitio_web base_de_datos banco_de_dados servidor algoritmo archivo archivos arquivo arquivos navegador
  botón desarrollador desarrollo_web fonction_qui programme_qui programmation algorithme logiciel serveur base_de_données fichier fichiers
  page_web site_web navigateur tableau_de_données développeur pare_feu bouton funktion_in funktionen programmiere programmieren
  programmierung programmierer quellcode skript algorithmus datenbank webseite anwendung schnittstelle ordner datei dateien server
  fehlermeldung schaltfläche klasse_in codice funzione_che programma_che programmare programmazione sito_web applicazione sviluppatore
  skrypt skryptu program_który programowanie aplikacja aplikację strona_internetowa stronę_internetową baza_danych plik pliki plików
  funkcję błąd kod kodu kodlar kodla yazılım web_sitesi uygulama uygulaması veritabanı betik dosya dosyaları fonksiyon fonksiyonu algoritma
  programı_yaz lập_trình chương_trình mã_nguồn hàm cơ_sở_dữ_liệu trang_web ứng_dụng thuật_toán phần_mềm máy_chủ cơ_sở_dữ kode aplikasi
  situs_web basis_data pemrograman algoritme buat_program fungsi_untuk perangkat_lunak koodi funktio ohjelma ohjelmoi kód funkce aplikace
  databáze webová_stránka skriptu programování broncode functie_die programmeren برنامج كود خوارزمية دالة قاعدة_بيانات البرمجة تطبيق موقع
  کد برنامه_نویسی تابع پایتون קוד פונקציה תוכנה אפליקציה कोड प्रोग्राम код кода коде коду кодом коды баг баги багов 操作系 配置文 二叉树 微信小 代码实 面向对
  closure closures hoisting dijkstra bfs dfs heapsort quicksort mergesort merge_sort bubble_sort insertion_sort heap trie topological_sort
  breadth_first depth_first memoization backtracking idempotent eventual_consistency cap_theorem acid_transactions transaction_isolation
  thread_safe http_status http_request http_requests http_header http_headers canvas_element for_loop while_loop foreach if_statement
  switch_statement nested_loop nested_loops data_type data_types type_hint type_hints strongly_typed garbage_collected memory_management
  event_loop promise_chain dataclass mocking event_driven pub_sub access_token session_token string_manipulation text_file input_file
  output_file file_path file_name file_names filename filenames subfolders csv_file csv_files json_file xml_file log_file comma_separated
  data_frame import_statement package_manager version_conflict build_fails build_error pipeline_fails lint hotfix semver monorepo
  pagination infinite_scroll lazy_loading drag_and_drop sticky_header grid_layout event_listener onclick text_editor notepad todo_list
  clone_of browser_game platformer_game collision_detection game_engine pathfinding game_loop qr_generator url_shortener minecraft_mod
  macro macros formula_in_cell pivot crash_log cheat_engine algorit* recursi* récursi* rekursi* programmier* programow* programaci*
  programma_per datenbank* webseite* fichier* logiciel* ordinateur* dosya* uygulama* fonksiyon* yazılım* veritaban* aplikac* aplikacj*
  databáz* skrypt* funkcj* funkc* koodi* ohjelma* ohjelmoi* tietokan* tehtävälist javascript* encrypt* decrypt* debugg* multithread*
  authenticat* refactor* тестов_для напиши_тест замыкани* цикл цикла циклы парсер* регуляр* кэш* эксел* экзел* вебсайт* страниц*
  формул_эксел запрос_к_баз マクロ エクセ クエリ ループ 再帰 型の ログを リポジ テスト 単体テ 문자열 함수를 엑셀 매크로 안드로 반복문 파이선 구글시 크롤링 闭包 正则表 单元测 二分查 遍历 网页版 命令 脚本语 编译器 复杂度
  快速排 冒泡排 语法 报表`;

/** Computers, networks and systems as their users speak of them. */
const system = `
  pc laptop laptops servers router routers switch_port ethernet lan wlan wifi wi_fi bandwidth latency throughput ping port_forwarding proxy
  proxies hostname domain_name subdomain homeserver homelab virtual_machine virtual_machines vm vms hypervisor backup backups raid disk
  disks hard_drive filesystem file_system boot booting reboot bluescreen blue_screen bsod driver_update motherboard processor processors
  ram overclock overclocking thermal_throttling operating_system process_id pid daemon daemons registry_key task_manager installer
  uninstall install installing installation version_control admin administrator sysadmin permission_denied access_denied root_user username
  login logins log_in sign_in password passwords two_factor 2fa session_cookie timeout timed_out timeouts freezes error_message stack queue
  cache scalability scalable availability failover replication sharding distributed_system distributed_systems cloud_storage
  cloud_computing data_center petabyte petabytes terabyte terabytes gigabyte gigabytes megabytes tb gb mb kb kbps mbps gbps cybersecurity
  penetration_test pentest exploit exploits vulnerability vulnerabilities ransomware phishing software hardware peripheral bluetooth usb
  gpio ocr codec codecs mp4 bitrate android ios emulator jailbreak rooted sim_card nfc rfid iot plc scada cnc 3d_printer
  printer_driver sensor sensors actuator servo stepper breadboard pcb circuit circuits schematic mosfet transistor transistors op_amp opamp
  capacitor capacitors inductor diode led_strip voltage_regulator current_limiting pwm adc dac oscilloscope soldering multimeter
  battery_pack buck_converter компьютер* ноутбук* сервера порт порта портов сеть_не установить_windows видеодрайвер* диск диска 电脑 電腦 计算机
  硬盘 内存 显卡 路由器 文件夹 驱动 芯片 电路 账号 登录 コンピ パソコ ネット メモリ 設定フ 컴퓨터 네트워 파일 시스템 설치 ordenador computadora computador red_local ordinateur réseau
  rechner netzwerk festplatte betriebssystem serielle komputer sieć bilgisayar máy_tính mạng_máy access_point mesh_network signal_strength
  signal_drops network_drive shared_folder mapped_drive remote_desktop rdp vnc key_pair task_scheduler event_viewer recovery_mode safe_mode
  factory_reset blue_screen_of corrupted data_recovery flash_drive memory_card webcam webcams monitor_resolution hz_monitor graphics_card
  memory_usage mainboard lcd_display oled neopixel motor_driver system_calls system_call certificate_chain https_certificates netzwerk*
  rechner* routeur routeurs виртуальн* сетев* драйвер* 安装失 启动失 蓝屏 虚拟机 无线网 手机号 权限`;

/** Machine learning and the analysis of data. */
const learning = `
  machine_learning deep_learning reinforcement_learning supervised unsupervised neural embedding embeddings tensor tensors convolution
  convolutional rnn lstm gans vae transformer_model attention_mechanism backpropagation backprop gradient_descent learning_rate batch_size
  batchnorm dropout_layer epochs overfitting overfit fine_tune fine_tuning finetune finetuning hyperparameter hyperparameters classifier
  classifiers cross_validation feature_engineering feature_selection dataset datasets training_data train_a test_set validation_set
  inference_time llm llms nlp computer_vision object_detection segmentation_mask kmeans k_means dbscan random_forest decision_tree_model
  gradient_boosting logistic_regression recommender recommendation_system word2vec node2vec mistral_model diffusion_model
  prompt_engineering system_prompt ai_model ai_models ai_system ai_agent ai_agents predictive_model time_series forecasting_model
  anomaly_detection data_science data_scientist data_analysis data_analyst data_engineer data_processing big_data knowledge_graph mlops
  checkpoint quantization imagenet mnist cifar_10 cifar10 confusion_matrix roc_curve f1_score user_story user_stories acceptance_criteria
  scrum agile_team requirements_document нейросет* нейронн* датасет* машинн* обучени* 模型训练 数据集 训练 機械学 学習モ 신경망 머신러 aprendizaje_automático
  apprentissage_automatique maschinelles ml_model ml_models ml_engineer ml_pipeline in_ml cnn_model 深度学 机器学 神经网 人工智 大模型 大语言 attention_head
  self_attention image_classification sentiment_analysis text_classification speech_recognition face_detection detect_faces topic_model
  time_series_forecast pca tsne t_sne svm knn naive_bayes ridge_regression lasso sgd adam_optimizer relu softmax cross_entropy quantised
  quantized quantisation gguf`;

/** Words that are common in programming, and not rare elsewhere. */
const codeHint = `
  json csv xml barcode barcodes undo readiness pod pods class classes method methods module modules file files folder folders subfolder directory button
  buttons click clicks clicked page pages table tables column columns row rows cell cells input inputs output outputs string strings list
  lists loop loops test tests testing error errors fix fixes fixed broken run runs running execute execution object objects property
  properties key keys value values type types data user users request requests response responses get post http https url urls link links
  web browser browsers internet import imports export exports load loads loaded loading save saves upload download log logs logger logging
  thread threads memory performance optimize optimise optimized optimization efficient efficiently component components interface
  interfaces design template templates render renders rendering background color colour width height center element elements image images
  video icon icons font animation animations animated transition game player players screen window menu widget network model models train
  training layer layers node nodes tree trees graph graphs linked sorted sort search filter filters map maps index indexes indices setup
  package packages version versions update updates add remove delete create build make generate convert modify change replace handle
  handles support feature features script scripts program programs application applications markdown latex configuration configure settings
  implemented telegram discord minecraft windows chrome firefox chatgpt unity blender maya unreal modding vector rust swift go react spring
  flask express compose lambda apache oracle hive docker spark helm vault swing ant gem tar julia crystal elm basic pascal system systems
  device devices command commands option options variable variables parameter parameters argument arguments return returns returned null
  none undefined true false default defaults format formats formatted formatting reverse duplicate duplicates unique count counts length
  size item items field fields record records attribute attributes tag tags library engine protocol pipeline workflow automate
  automatically automation automated architecture architect notification notifications service services integration monitor monitoring
  dashboard dashboards report_builder platform tool tools developer developers engineer technical technology digital stack queue buffer
  stream streams frame frames hash merge branch branches clone fork release staging production tab tabs form forms header footer sidebar
  slider canvas grid formula formulas sheet sheets pivot кнопк* файл* папк* таблиц* строк* столб* ошибк* класс* метод* объект*
  сервис* сеть* данн* исправ* настро* подключ* обработ* реализ* реализуй автоматическ* 数据 表格 錯誤 错误 添加 修改 删除 显示 运行 测试 优化 生成 实现 功能 窗口 图片 界面
  输入框 設定 表示 出力 入力 作成 追加 修正 추가 수정 기능 화면 작성 구현 만들 datos tabla columna usuario pantalla botones données colonne ligne utilisateur erreur écran
  daten tabelle spalte zeile benutzer fehler fenster bildschirm tabela kolumna użytkownik veri tablo kullanıcı hata dữ liệu bảng người_dùng
  tabel pengguna dados usuário tela commit commits binary framework frameworks implement implements implementing implementation
  implementations inheritance exception host hosts cloud token tokens port ports container containers cluster clusters packet packets
  restart resolution terminal console crash crashes crashed computer computers partition partitions dom pixel pixels relay gpt llama bert
  epoch vite hibernate tableau lua elixir dart mod robot robots 机器人 实例 函数 函數 变量 系统 网络 文件 安装 服务 编写 帮我写`;

export const programmingWords = { language, tool, code, system, learning, codeHint };
