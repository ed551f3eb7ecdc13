"""Stop words by language.

The lists are our own. They contain grammar and no terms of the field: "people" and "access" stay.
"""

STOP_WORDS = {
    "en": """
        a about above after again against all also although am among an and another any are aren as at be
        because been before being believe below between both but by can cannot could couldn d did didn do
        does doesn doing don done down during each either else etc ever every feel few for from further get
        go going had hadn has hasn have haven having he her here hers herself him himself his how however i
        if in into is isn it its itself just less let like ll lot m made make makes many may me might mine
        more most much must my myself neither no nor not now of off often on once one only or other others
        our ours ourselves out over own per quite rather re really s same shall she should shouldn since so
        some something such sure t than that the their theirs them themselves then there these they thing
        things think this those though through thus to too under until up upon us ve very via want was wasn
        way ways we were weren what whatever when where whether which while who whom whose why will with
        within without would wouldn yet you your yours yourself
    """,
    "fr": """
        a afin ai aimerais ainsi alors apres as au aucun aucune aujourd auquel aura auraient aurait aussi
        autre autres aux avait avant avec avoir ayant bien c car ce ceci cela celle celles celui ces cet
        cette ceux chaque chez chose choses ci comme comment contre crois croit d dans de depuis des doit
        doivent donc dont du dès elle elles en encore entre es est et eu eux faire fait faut font hors hui
        ici il ils j je jusqu jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu
        lorsque lui m ma mais me mes moi moins mon même mêmes n ne ni non nos notre nous on ont ou où par
        parce parmi pas pendant pense pensons peu peut peuvent plus plusieurs plutôt pour pourquoi pourrait
        pouvoir près puis puisqu puisque qu quand que quel quelle quelles quelque quelques quels qui quoi
        quoiqu quoique s sa sans se selon sera seraient serait ses si soi soient soit son sont sous sur t ta
        tant te tel telle telles tels tes toi ton toujours tous tout toute toutes trop très tu un une vers
        veut veux via voici voilà vos votre voudrais voudrions vous y à étaient étais était étant été être
    """,
    "es": """
        a al algo alguna algunas alguno algunos ante antes así aunque aún bajo bien cada casi como con contra
        cosa cosas creemos creo cual cuales cualquier cuando cuya cuyo de debe deben debería del desde donde
        dos durante e el ella ellas ellos en entre era eran eres es esa esas ese eso esos esta estar estas
        este esto estos está están fue fuera fueron ha haber había habían hace hacen hacer hacia han hasta
        hay he incluso la las le les lo los me mediante mi mientras mis misma mismas mismo mismos mucha
        muchas mucho muchos muy más mía nada ni ninguna ningún no nos nosotros nuestra nuestras nuestro
        nuestros o opino os otra otras otro otros para pero pienso poco por porque puede pueden pues que
        queremos quien quienes quiero quisiera quién qué se sea sean según ser será serán si sido siempre
        siendo sin sino sobre son su sus sí también tampoco tan tanto te tiene tienen toda todas todavía todo
        todos tras tu tus u un una unas uno unos vez y ya yo él
    """,
    "ru": """
        а без более бы был была были было быть в вам вас ведь весь вещи во вот все всего всей всем всех вы
        где да даже дело для до думаем думаю его ее ей ему если есть еще ею же за здесь и из изо или им имеет
        имеют ими их к как какая какие каких какой ко когда которая которого которое которой котором которому
        которую которые который которым которых кто ли либо лишь между меня мне многие могут может можно мой
        мы на над надо нам нас наш наша наше нашего нашей наши наших не него нее ней нельзя нем нет нею ни
        нибудь никто ничего но ну о об однако он она они оно от очень по под пока после потому почему почти
        при про раз с сам сама сами само свое своего своей свои своих свой свою себе себя сейчас со считаем
        считаю так такая также такие таких такого такое такой там тебя тем теми то того тоже той только том
        тот тут ты у уже хотелось хотим хотя хочу чего чей чем через что чтобы чье чья эта эти этим этих это
        этого этой этом этому этот эту я
    """,
    "ar": """
        في من إلى على عن مع ما لا لم لن ليس ليست هل هذا هذه ذلك تلك هؤلاء أولئك الذي التي الذين اللذان اللتان
        اللاتي هو هي هم هن نحن أنا أنت أنتم كان كانت كانوا يكون تكون يكونون كل بعض غير سوى أي أية أو أم بل
        لكن لكنه إن أن أنه أنها أنهم إنه إنها إذا إذ إذن لو لولا قد لقد سوف حيث حين عند عندما منذ مذ حتى بين
        خلال بعد قبل فوق تحت أمام وراء حول دون ضد نحو لدى لدينا ثم كما كيف متى أين لماذا ماذا مما فيما عما
        ممن به بها بهم بهذا بهذه بذلك له لها لهم لنا لي لك لهذا لهذه لذلك فيه فيها فيهم منه منها منهم منا
        عليه عليها عليهم عليكم علينا إليها إليهم إلينا عنه عنها معه معها معهم ذات ذا ذو أيضا فقط جدا مثل كذلك
        هناك هنا يجب ينبغي يمكن أكثر أقل كي لكي لأن لأنه لأنها بأن بأنه كأن نفس وهو وهي وهم وقد وكان وكانت
        وفي ومن وإلى وعلى وعن ومع وما ولا ولم ولن وهذا وهذه وذلك وأن وإن وإذا فإن وكما كلما بدون عبر إلا وإلا
        الآن أعتقد نعتقد أظن أرى نرى أريد نريد شيء أشياء
    """,
    "zh": """
        的 了 和 是 在 也 有 就 都 而 及 与 或 我们 你们 他们 她们 它们 我 你 他 她 它 这 那 这个 那个 这些
        那些 一个 一些 一种 以及 或者 并且 而且 但是 但 因为 所以 因此 如果 虽然 然而 不 没有 没 被 把 让 给
        向 从 到 对 对于 关于 由 由于 为 为了 以 于 之 其 其中 等 并 还 还是 则 更 最 很 非常 已经 已 将 会
        能 能够 可以 可 应 应该 应当 必须 需要 要 时 上 下 中 里 内 外 前 后 每 每个 各 各个 任何 所有 什么
        怎么 如何 哪些 这样 那样 同时 通过 不是 而不 不能 不应 也不 就是 只有 只是 只 才 又 再 使 使得 着 过
        地 得 吗 呢 吧 们 觉得 认为 覺得 認為 想要 希望 东西 事情 我覺得 我觉得 我认为
    """,
}
