"""Words that say nothing about what a text is about, by language.

The lists are our own. They hold grammar, and no word of the field: "people" and "access" stay.
"""

STOP_WORDS = {
    "en": """
        a about above after again against all also although am among an and another any are aren as at be
        because been before being below between both but by can cannot could couldn did didn do does doesn
        doing don done down during each either else etc ever every few for from further had hadn has hasn
        have haven having he her here hers herself him himself his how however i if in into is isn it its
        itself just less let ll many may me might mine more most much must my myself neither no nor not now
        of off often on once one only or other others our ours ourselves out over own per quite rather re
        same shall she should shouldn since so some such than that the their theirs them themselves then
        there these they this those though through thus to too under until up upon us ve very via was wasn we
        were weren what whatever when where whether which while who whom whose why will with within without
        would wouldn yet you your yours yourself d m s t
    """,
    "fr": """
        a à afin ai ainsi alors apres as au aucun aucune aujourd auquel aura auraient aurait aussi autre
        autres aux avait avant avec avoir ayant bien c car ce ceci cela celle celles celui ces cet cette ceux
        chaque chez ci comme comment contre d dans de depuis des dès doit doivent donc dont du elle elles en
        encore entre es est et étaient étais était étant été être eu eux fait faire faut font hors hui ici il
        ils j je jusqu jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu lorsque
        lui m ma mais me même mêmes mes moi moins mon n ne ni non nos notre nous on ont ou où par parce parmi
        pas pendant peu peut peuvent plus plusieurs plutôt pour pourquoi pourrait pouvoir près puis puisqu
        puisque qu quand que quel quelle quelles quelque quelques quels qui quoi quoiqu quoique s sa sans se
        selon sera seraient serait ses si soi soient soit son sont sous sur t ta tant te tel telle telles
        tels tes toi ton toujours tous tout toute toutes très trop tu un une vers via voici voilà vos votre
        vous y
    """,
    "es": """
        a al algo alguna algunas alguno algunos ante antes así aún aunque bajo bien cada casi como con contra
        cual cuales cualquier cuando cuyo cuya de del desde debe deben debería donde dos durante e el él ella
        ellas ellos en entre era eran eres es esa esas ese eso esos esta está están estar estas este esto
        estos fue fueron fuera ha había habían haber hace hacen hacer hacia han hasta hay he incluso la las
        le les lo los más me mediante mi mía mientras mis misma mismas mismo mismos mucha muchas mucho muchos
        muy nada ni ningún ninguna no nos nosotros nuestra nuestras nuestro nuestros o os otra otras otro
        otros para pero poco por porque pues puede pueden que qué quien quién quienes se sea sean según ser
        será serán si sí sido siempre siendo sin sino sobre son su sus también tampoco tan tanto te tiene
        tienen toda todas todavía todo todos tras tu tus u un una unas uno unos vez y ya yo
    """,
    "ru": """
        а без более бы был была были было быть в вам вас ведь весь во вот все всего всей всем всех вы где да
        даже для до его ее ей ему если есть еще ею же за здесь и из изо или им имеет имеют ими их к как какая
        какие какой каких ко когда которая которого которое которой котором которому которую которые который
        которым которых кто ли либо лишь между меня мне многие может могут можно мой мы на над надо нам нас
        наш наша наше нашего нашей наши наших не него нее ней нельзя нем нет нею ни нибудь никто ничего но ну
        о об однако он она они оно от очень по под пока после потому почему почти при про раз с сам сама сами
        само свое своего своей свои своих свой свою себе себя сейчас со так также такая такие таких такого
        такое такой там тебя тем теми то тоже того той только том тот тут ты у уже хотя чего чей чем через
        что чтобы чье чья эта эти этим этих это этого этой этом этому этот эту я
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
        الآن
    """,
    "zh": """
        的 了 和 是 在 也 有 就 都 而 及 与 或 我们 你们 他们 她们 它们 我 你 他 她 它 这 那 这个 那个 这些
        那些 一个 一些 一种 以及 或者 并且 而且 但是 但 因为 所以 因此 如果 虽然 然而 不 没有 没 被 把 让 给
        向 从 到 对 对于 关于 由 由于 为 为了 以 于 之 其 其中 等 并 还 还是 则 更 最 很 非常 已经 已 将 会
        能 能够 可以 可 应 应该 应当 必须 需要 要 时 上 下 中 里 内 外 前 后 每 每个 各 各个 任何 所有 什么
        怎么 如何 哪些 这样 那样 同时 通过 不是 而不 不能 不应 也不 就是 只有 只是 只 才 又 再 使 使得 着 过
        地 得 吗 呢 吧 们
    """,
}
