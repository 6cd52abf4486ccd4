/** Words of mathematics, statistics and physics problems, in many languages. */
const math = `
  prove proof proofs disprove theorem theorems lemma corollary conjecture axiom equation equations inequality inequalities integral
  integrals integrate antiderivative derivative derivatives differentiate differentiable polynomial polynomials matrix matrices eigenvalue
  eigenvalues eigenvector eigenvectors determinant vectors vector_space probability probabilities combinatorics combinatorial permutation
  permutations combinations factorial factorials logarithm logarithms log2 ln trigonometry trigonometric sin cos tan sine cosine tangent
  triangle triangles circle circles radius diameter circumference rectangle rectangles perimeter parallelogram trapezoid polygon hexagon
  hypotenuse isosceles equilateral prime primes divisible divisor divisors modulo congruent remainder remainders lcm gcd hcf fraction
  fractions numerator denominator arithmetic algebra algebraic geometry geometric calculus statistics statistical median variance
  standard_deviation standard_error normal_distribution poisson binomial gaussian_distribution confidence_interval percent percentage
  percentages ratio ratios proportion interest_rate compound_interest compounded annuity npv irr apr velocity acceleration accelerates
  accelerating momentum kinetic voltage volts resistor resistors ohm ohms amperes newtons joules dilute dilution molarity moles mol molar
  stoichiometry hypothesis_test p_value t_test z_score anova chi_square null_hypothesis regression_line expected_value quadratic cubic
  square_root cube_root roots digit digits decimal decimals integers integer natural_numbers real_numbers complex_number rational
  irrational calculate calculating calculated calculation calculations compute solve solving solved simplify factorize factorise sum sums
  subtract multiply multiplied divided convergent converges diverges series_converge limit_of limits_of subset subsets bijection injective
  surjective isomorphic abelian topology compact_set closed_set metric_space hilbert banach manifold homomorphism graph_theory
  degree_sequence pigeonhole induction recurrence taylor_series fourier laplace_transform jacobian hessian lagrange gradient asymptotic
  asymptote parabola ellipse hyperbola coordinates slope intercept x_axis y_axis radians degrees_celsius projectile friction torque
  half_life black_hole circuit_current odds_of how_many how_much magic_square sudoku word_problem math maths mathematics mathematical
  arithmetically число числа чисел вероятност* уравнен* неравенств* докаж* доказат* доказательств* теорем* интеграл* производн* вычисл*
  решит* реши найти найдит* сумм* процент* рассчит* рассчёт* посчит* корн* треугольник* окружност* площад* скорост* ускорен* матриц*
  вектор* дроб* умнож* раздел* множител* сколько логарифм* предел функции_y геометри* доходност* формул* задач* 证明 證明 概率 方程 积分 積分 导数 導數 求解
  计算 計算 公式 矩阵 矩陣 数学 數學 质数 質數 整数 整數 公倍 公约 原函 最大值 最小值 极值 极限 向量 集合 多少 几个 几瓶 分数 小数 面积 體積 体积 周长 半径 直径 三角形 圆的 正方形 长方形 速度 加速度 位移 不等式 函数f 二次 数列 等差
  等比 求和 求证 线性代 期望 方差 正态 分布 折扣 利率 几何 解方程 目标函 约束 最优解 建模 確率 微分 方程式 面積 いくつ 何個 何人 확률 자연수 자연 경우의 방정식 적분 미분 구하 넓이 정수 몇개 합은 함수의 증명 probabilidad
  probabilidade ecuación ecuacion equação derivada demostrar demuestra demuestre calcular calcula calcule cuánto cuanto cuántos quanto
  quantos suma_de raíz raiz triángulo triângulo área_de velocidad porcentaje resuelve resolva resolver probabilité équation dérivée
  démontrer démontre montrer_que calculer intégrale combien somme_de racine périmètre aire_de vitesse résoudre résous wahrscheinlichkeit
  gleichung ableitung beweise beweis berechne berechnen berechnung wieviel wie_viel wie_viele flächeninhalt fläche umfang wurzel
  geschwindigkeit dreieck löse zinsen prozent calcola calcolare quanti probabilità equazione derivata dimostra radice oblicz udowodnij
  równanie prawdopodobieństwo pole_powierzchni ile_wynosi spočítej vypočítej rovnice pravděpodobnost tính toán xác_suất bài_tập
  phương_trình đạo_hàm tích_phân lãi_suất bao_nhiêu diện_tích thể_tích vận_tốc tam_giác chứng_minh giải_phương số_nguyên hitung hitunglah
  bilangan diketahui peluang persamaan luas berapa segitiga turunan hesapla kaçtır olasılık denklem türev üçgen kaç_tane laske montako
  todennäköisyys yhtälö bereken hoeveel vergelijking kans_dat beräkna ekvation sannolikhet احسب معادلة احتمال أثبت حساب محاسبه معادله חשב
  משוואה הוכח गणना समीकरण υπολογ* πιθανότητα εξίσωση wahrscheinlichkeit* gleichung* olasılı* równan* rovnic* oblicz* vypočít* laske*
  hesapla* denklem* berechn* calcul* polynom* geometri* trigonometri* integrier* ableit* probabil* factor_x inverse_function inverse_of_the
  surface_area square_meters square_root_of rate_of_return handshakes decagon pentagon octagon cylinder cone sphere pyramid_volume
  синус* косинус* тангенс* больше_на меньше_на раза_больше 公里_小时 同时_出发 相遇 求导 导函 反函 等于多 多少种 排列 组合 剩余 余数 求极限 化简 因式 几小时 打几折`;

/** Words that are common in problems with numbers, and not rare elsewhere. */
const mathHint = `
  many much how_tall number numbers find value values each per times long far fast speed distance height hours hour minutes minute seconds
  second days day years year months month weeks week rate cost costs price prices profit loss salary payment payments pay tax money dollars
  dollar cents euros kg km meters meter metres cm mm feet foot miles mile mph grams mg ml liters litres watt watts degrees temperature
  between greater less than least most exactly maximum minimum suppose assume given let positive negative real set random chance dice coin
  coins ball balls box boxes marbles jar bag cards estimate approximate approximately round rounded nearest answer steps problem problems
  question correct true points product difference average total even odd mean multiple force mass energy power solution concentration
  hypothesis correlation regression standard deviation distribution expected interest invest invested investment annual annually monthly
  width volume area surface angle angles point line lines evaluate determine derive formula logic root logarithmic linear combination
  sample population earns earned spends spent left remaining together twice half third quarter double triple consecutive sequence pattern
  next older younger heads tails vector function consumption budget задан* скольк* врем* час* цена стоимост* рубл* кг 小时 分钟 千克 公里 题目 一共 至少
  至多 平均 速率 人数 问题`;

/** How tasks of programming contests are set. */
const contest = `
  constraints testcase testcases test_cases subsequence subarray codeforces leetcode hackerrank atcoder codechef input_format output_format
  sample_input sample_output time_limit memory_limit input_copy output_copy inputcopy outputcopy space_separated non_decreasing 输入 输出 样例 题目
  描述 数据范 时间限 空间限 입력 출력 制約 入力例 входные_данные выходные_данные входной_файл formato_de_entrada`;

export const mathematicsWords = { math, mathHint, contest };
