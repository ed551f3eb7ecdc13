import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.entity.PlanningPin;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.ProblemFactCollectionProperty;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import ai.timefold.solver.core.api.score.buildin.hardmediumsoftlong.HardMediumSoftLongScore;
import ai.timefold.solver.core.api.score.stream.Constraint;
import ai.timefold.solver.core.api.score.stream.ConstraintCollectors;
import ai.timefold.solver.core.api.score.stream.ConstraintFactory;
import ai.timefold.solver.core.api.score.stream.ConstraintProvider;
import ai.timefold.solver.core.api.score.stream.Joiners;
import ai.timefold.solver.core.api.score.stream.bi.BiConstraintStream;
import ai.timefold.solver.core.api.score.stream.uni.UniConstraintStream;
import ai.timefold.solver.core.api.solver.SolutionManager;
import ai.timefold.solver.core.api.solver.Solver;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.constructionheuristic.ConstructionHeuristicPhaseConfig;
import ai.timefold.solver.core.config.localsearch.LocalSearchPhaseConfig;
import ai.timefold.solver.core.config.localsearch.LocalSearchType;
import ai.timefold.solver.core.config.solver.EnvironmentMode;
import ai.timefold.solver.core.config.solver.SolverConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.HashMap;
import java.util.Objects;
import java.util.function.ToLongBiFunction;
import java.util.function.ToLongFunction;

/**
 * The conference as a model of Timefold's constraint streams, solved as its authors solve theirs: a construction
 * heuristic and then tabu search.
 *
 * java Peer solve|score FILE CPU-SECONDS SEED. FILE is what peer.py writes: one thing on each line, its parts
 * separated by tabs, sets as bits of a number. The answer goes to standard output.
 */
public final class Peer {
    static final int REQUIRED = 0;
    static final int PREFERRED = 1;
    static final int PROHIBITED = 2;
    static final int UNDESIRED = 3;

    public static final class Slot {
        int number;
        int day;
        int start; // minutes since the first midnight
        int end;
        long types;
        long tags;

        int minutes() {
            return end - start;
        }
    }

    public static final class Room {
        int number;
        int capacity;
        long types;
        long tags;
        long closed; // a bit for each slot
    }

    public static final class Speaker {
        long[] slotTags;
        long[] roomTags;
        long away; // a bit for each slot
    }

    @PlanningEntity
    public static class Talk {
        @PlanningId
        public int number;
        @PlanningPin
        public boolean pinned;
        @PlanningVariable(valueRangeProviderRefs = "slots")
        public Slot slot;
        @PlanningVariable(valueRangeProviderRefs = "rooms")
        public Room room;
        @ValueRangeProvider(id = "slots")
        public List<Slot> slots = new ArrayList<>();
        @ValueRangeProvider(id = "rooms")
        public List<Room> rooms = new ArrayList<>();
        List<Speaker> speakers = new ArrayList<>();
        long themes;
        long sectors;
        long audiences;
        int level;
        long contents;
        long language;
        long[] slotTags;
        long[] roomTags;
        long exclusions;
        long prerequisites; // a bit for each talk, in two numbers
        long morePrerequisites;
        int favourites;
        int crowd;
        int publishedSlot;
        int publishedRoom;

        public int getStart() {
            return slot.start;
        }

        public int getEnd() {
            return slot.end;
        }

        public int getDay() {
            return slot.day;
        }

        public Slot getTheSlot() {
            return slot;
        }

        public Room getTheRoom() {
            return room;
        }

        public int getCapacity() {
            return room.capacity;
        }

        public int getFavourites() {
            return favourites;
        }

        public int getLevel() {
            return level;
        }

        int minutes() {
            return slot.minutes();
        }

        boolean needs(Talk other) {
            long bits = other.number < 64 ? prerequisites : morePrerequisites;
            return (bits >>> (other.number % 64) & 1) == 1;
        }
    }

    @PlanningSolution
    public static class Conference {
        @ProblemFactCollectionProperty
        public List<Slot> slots = new ArrayList<>();
        @ProblemFactCollectionProperty
        public List<Room> rooms = new ArrayList<>();
        @ProblemFactCollectionProperty
        public List<Speaker> speakers = new ArrayList<>();
        @PlanningEntityCollectionProperty
        public List<Talk> talks = new ArrayList<>();
        @PlanningScore
        public HardMediumSoftLongScore score;
    }

    static final Map<String, HardMediumSoftLongScore> WEIGHTS = new HashMap<>();
    static int pause;

    static int common(long one, long other) {
        return Long.bitCount(one & other);
    }

    static int shared(Talk one, Talk other) {
        int found = 0;
        for (Speaker speaker : one.speakers) {
            found += other.speakers.contains(speaker) ? 1 : 0;
        }
        return found;
    }

    static long overlap(Talk one, Talk other) {
        return Math.max(0, Math.min(one.slot.end, other.slot.end) - Math.max(one.slot.start, other.slot.start));
    }

    static long both(Talk one, Talk other) {
        return one.minutes() + other.minutes();
    }

    static boolean tooClose(Talk one, Talk other) {
        int gap = Math.max(one.slot.start, other.slot.start) - Math.min(one.slot.end, other.slot.end);
        return overlap(one, other) > 0 || gap < pause;
    }

    static long missing(long[] asked, int kind, long given) {
        return Long.bitCount(asked[kind] & ~given);
    }

    static long present(long[] asked, int kind, long given) {
        return Long.bitCount(asked[kind] & given);
    }

    public static final class Provider implements ConstraintProvider {
        private final List<Constraint> all = new ArrayList<>();

        @Override
        public Constraint[] defineConstraints(ConstraintFactory factory) {
            alone(factory);
            tags(factory);
            atOnce(factory);
            sideBySide(factory);
            overDays(factory);
            inOrder(factory);
            crowds(factory);
            return all.toArray(new Constraint[0]);
        }

        private static boolean counts(String name) {
            return !WEIGHTS.get(name).equals(HardMediumSoftLongScore.ZERO);
        }

        private void cost(String name, UniConstraintStream<Talk> talks, ToLongFunction<Talk> amount) {
            if (counts(name)) {
                all.add(talks.filter(talk -> amount.applyAsLong(talk) > 0)
                        .penalizeLong(WEIGHTS.get(name), amount).asConstraint(name));
            }
        }

        private void cost(String name, BiConstraintStream<Talk, Talk> pairs, ToLongBiFunction<Talk, Talk> amount) {
            if (counts(name)) {
                all.add(pairs.penalizeLong(WEIGHTS.get(name), amount).asConstraint(name));
            }
        }

        private void win(String name, BiConstraintStream<Talk, Talk> pairs, ToLongBiFunction<Talk, Talk> amount) {
            if (counts(name)) {
                all.add(pairs.rewardLong(WEIGHTS.get(name), amount).asConstraint(name));
            }
        }

        private void alone(ConstraintFactory factory) {
            UniConstraintStream<Talk> talks = factory.forEach(Talk.class);
            cost("Room unavailable timeslot", talks,
                    talk -> (talk.room.closed >>> talk.slot.number & 1) * talk.minutes());
            cost("Speaker unavailable timeslot", talks, talk -> {
                long away = 0;
                for (Speaker speaker : talk.speakers) {
                    away += speaker.away >>> talk.slot.number & 1;
                }
                return away * talk.minutes();
            });
            cost("Published timeslot", talks,
                    talk -> talk.publishedSlot >= 0 && talk.publishedSlot != talk.slot.number ? 1 : 0);
            cost("Published room", talks,
                    talk -> talk.publishedRoom >= 0 && talk.publishedRoom != talk.room.number ? 1 : 0);
        }

        private void tags(ConstraintFactory factory) {
            UniConstraintStream<Talk> talks = factory.forEach(Talk.class);
            String[] kinds = {"required", "preferred", "prohibited", "undesired"};
            for (int number = 0; number < kinds.length; number++) {
                int kind = number;
                boolean missing = kind == REQUIRED || kind == PREFERRED;
                cost("Talk " + kinds[kind] + " timeslot tags", talks, talk -> talk.minutes()
                        * told(missing, talk.slotTags, kind, talk.slot.tags));
                cost("Talk " + kinds[kind] + " room tags", talks, talk -> talk.minutes()
                        * told(missing, talk.roomTags, kind, talk.room.tags));
                cost("Speaker " + kinds[kind] + " timeslot tags", talks, talk -> {
                    long sum = 0;
                    for (Speaker speaker : talk.speakers) {
                        sum += told(missing, speaker.slotTags, kind, talk.slot.tags);
                    }
                    return sum * talk.minutes();
                });
                cost("Speaker " + kinds[kind] + " room tags", talks, talk -> {
                    long sum = 0;
                    for (Speaker speaker : talk.speakers) {
                        sum += told(missing, speaker.roomTags, kind, talk.room.tags);
                    }
                    return sum * talk.minutes();
                });
            }
        }

        private static long told(boolean missing, long[] asked, int kind, long given) {
            return missing ? missing(asked, kind, given) : present(asked, kind, given);
        }

        private void atOnce(ConstraintFactory factory) {
            BiConstraintStream<Talk, Talk> pairs =
                    factory.forEachUniquePair(Talk.class, Joiners.overlapping(Talk::getStart, Talk::getEnd));
            cost("Room conflict", factory.forEachUniquePair(Talk.class, Joiners.equal(Talk::getTheRoom),
                    Joiners.overlapping(Talk::getStart, Talk::getEnd)), Peer::overlap);
            cost("Speaker conflict", pairs.filter((one, other) -> shared(one, other) > 0),
                    (one, other) -> shared(one, other) * overlap(one, other));
            cost("Talk mutually-exclusive-talks tags",
                    pairs.filter((one, other) -> common(one.exclusions, other.exclusions) > 0),
                    (one, other) -> common(one.exclusions, other.exclusions) * overlap(one, other));
            cost("Theme track conflict", pairs.filter((one, other) -> common(one.themes, other.themes) > 0),
                    (one, other) -> common(one.themes, other.themes) * overlap(one, other));
            cost("Sector conflict", pairs.filter((one, other) -> common(one.sectors, other.sectors) > 0),
                    (one, other) -> common(one.sectors, other.sectors) * overlap(one, other));
            cost("Content conflict", pairs.filter((one, other) -> common(one.contents, other.contents) > 0),
                    (one, other) -> common(one.contents, other.contents) * overlap(one, other));
            cost("Audience type theme track conflict",
                    pairs.filter((one, other) -> common(one.themes, other.themes) > 0
                            && common(one.audiences, other.audiences) > 0),
                    (one, other) -> common(one.themes, other.themes) * common(one.audiences, other.audiences)
                            * overlap(one, other));
        }

        private void sideBySide(ConstraintFactory factory) {
            BiConstraintStream<Talk, Talk> pairs =
                    factory.forEachUniquePair(Talk.class, Joiners.equal(Talk::getTheSlot));
            win("Audience type diversity",
                    pairs.filter((one, other) -> common(one.audiences, other.audiences) > 0),
                    (one, other) -> common(one.audiences, other.audiences) * (long) one.minutes());
            win("Audience level diversity", pairs.filter((one, other) -> one.level != other.level),
                    (one, other) -> one.minutes());
            win("Language diversity", pairs.filter((one, other) -> one.language != other.language),
                    (one, other) -> one.minutes());
        }

        private void overDays(ConstraintFactory factory) {
            cost("Consecutive talks pause",
                    factory.forEachUniquePair(Talk.class, Joiners.equal(Talk::getDay),
                            Joiners.filtering((one, other) -> shared(one, other) > 0))
                            .filter(Peer::tooClose),
                    Peer::both);
            cost("Theme track room stability",
                    factory.forEachUniquePair(Talk.class, Joiners.equal(Talk::getDay),
                            Joiners.filtering((one, other) -> common(one.themes, other.themes) > 0
                                    && one.room != other.room)),
                    (one, other) -> common(one.themes, other.themes) * both(one, other));
            cost("Same day talks",
                    factory.forEachUniquePair(Talk.class,
                            Joiners.filtering((one, other) -> one.slot.day != other.slot.day
                                    && ((one.themes & other.themes) != 0 || (one.contents & other.contents) != 0))),
                    (one, other) -> (common(one.themes, other.themes) + common(one.contents, other.contents))
                            * both(one, other));
        }

        private void inOrder(ConstraintFactory factory) {
            UniConstraintStream<Talk> talks = factory.forEach(Talk.class);
            cost("Talk prerequisite talks",
                    talks.join(Talk.class, Joiners.greaterThan(Talk::getEnd, Talk::getStart),
                            Joiners.filtering((one, other) -> one != other && other.needs(one))),
                    Peer::both);
            cost("Content audience level flow violation",
                    talks.join(Talk.class, Joiners.lessThan(Talk::getLevel),
                            Joiners.greaterThan(Talk::getEnd, Talk::getStart),
                            Joiners.filtering((one, other) -> (one.contents & other.contents) != 0)),
                    (one, other) -> common(one.contents, other.contents) * both(one, other));
            cost("Popular talks",
                    talks.join(Talk.class, Joiners.lessThan(Talk::getFavourites),
                            Joiners.greaterThan(Talk::getCapacity)),
                    Peer::both);
        }

        private void crowds(ConstraintFactory factory) {
            String name = "Crowd control";
            if (!counts(name)) {
                return;
            }
            all.add(factory.forEach(Talk.class).filter(talk -> talk.crowd > 0)
                    .join(factory.forEach(Talk.class).filter(talk -> talk.crowd > 0),
                            Joiners.equal(Talk::getTheSlot), Joiners.filtering((one, other) -> one != other))
                    .groupBy((one, other) -> one, ConstraintCollectors.countBi())
                    .filter((talk, others) -> others > 1)
                    .penalizeLong(WEIGHTS.get(name), (talk, others) -> talk.minutes())
                    .asConstraint(name));
        }
    }

    static Conference read(Path path) throws IOException {
        Conference conference = new Conference();
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] part = line.split("\t");
                switch (part[0]) {
                    case "pause" -> pause = Integer.parseInt(part[1]);
                    case "weight" -> WEIGHTS.put(part[1], HardMediumSoftLongScore.of(
                            Long.parseLong(part[2]), Long.parseLong(part[3]), Long.parseLong(part[4])));
                    case "slot" -> conference.slots.add(slot(part, conference.slots.size()));
                    case "room" -> conference.rooms.add(room(part, conference.rooms.size()));
                    case "speaker" -> conference.speakers.add(speaker(part));
                    case "talk" -> conference.talks.add(talk(part, conference));
                    default -> throw new IOException("unknown line: " + line);
                }
            }
        }
        return conference;
    }

    static long[] bits(String[] part, int from) {
        long[] found = new long[4];
        for (int kind = 0; kind < 4; kind++) {
            found[kind] = Long.parseLong(part[from + kind]);
        }
        return found;
    }

    static Slot slot(String[] part, int number) {
        Slot slot = new Slot();
        slot.number = number;
        slot.day = Integer.parseInt(part[1]);
        slot.start = Integer.parseInt(part[2]);
        slot.end = Integer.parseInt(part[3]);
        slot.types = Long.parseLong(part[4]);
        slot.tags = Long.parseLong(part[5]);
        return slot;
    }

    static Room room(String[] part, int number) {
        Room room = new Room();
        room.number = number;
        room.capacity = Integer.parseInt(part[1]);
        room.types = Long.parseLong(part[2]);
        room.tags = Long.parseLong(part[3]);
        room.closed = Long.parseLong(part[4]);
        return room;
    }

    static Speaker speaker(String[] part) {
        Speaker speaker = new Speaker();
        speaker.slotTags = bits(part, 1);
        speaker.roomTags = bits(part, 5);
        speaker.away = Long.parseLong(part[9]);
        return speaker;
    }

    static Talk talk(String[] part, Conference conference) {
        Talk talk = new Talk();
        talk.number = conference.talks.size();
        long type = Long.parseLong(part[1]);
        conference.slots.stream().filter(slot -> (slot.types & type) != 0).forEach(talk.slots::add);
        conference.rooms.stream().filter(room -> (room.types & type) != 0).forEach(talk.rooms::add);
        for (String number : part[2].split(",")) {
            if (!number.isEmpty()) {
                talk.speakers.add(conference.speakers.get(Integer.parseInt(number)));
            }
        }
        talk.themes = Long.parseLong(part[3]);
        talk.sectors = Long.parseLong(part[4]);
        talk.audiences = Long.parseLong(part[5]);
        talk.level = Integer.parseInt(part[6]);
        talk.contents = Long.parseLong(part[7]);
        talk.language = Long.parseLong(part[8]);
        talk.slotTags = bits(part, 9);
        talk.roomTags = bits(part, 13);
        talk.exclusions = Long.parseLong(part[17]);
        talk.prerequisites = Long.parseUnsignedLong(part[18]);
        talk.morePrerequisites = Long.parseUnsignedLong(part[19]);
        talk.favourites = Integer.parseInt(part[20]);
        talk.crowd = Integer.parseInt(part[21]);
        talk.publishedSlot = Integer.parseInt(part[22]);
        talk.publishedRoom = Integer.parseInt(part[23]);
        int slot = Integer.parseInt(part[24]);
        int room = Integer.parseInt(part[25]);
        talk.slot = slot < 0 ? null : conference.slots.get(slot);
        talk.room = room < 0 ? null : conference.rooms.get(room);
        talk.pinned = part[26].equals("1");
        return talk;
    }

    static double cpuSeconds() {
        var machine = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return machine.getProcessCpuTime() / 1e9;
    }

    static void endAfter(double seconds, Solver<Conference> solver) {
        Thread watch = new Thread(() -> {
            try {
                while (cpuSeconds() < seconds) {
                    Thread.sleep(20);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            solver.terminateEarly();
        }, "watch");
        watch.setDaemon(true);
        watch.start();
    }

    public static void main(String[] words) throws IOException {
        Conference conference = read(Path.of(words[1]));
        SolverConfig config = new SolverConfig()
                .withSolutionClass(Conference.class)
                .withEntityClasses(Talk.class)
                .withConstraintProviderClass(Provider.class)
                .withEnvironmentMode(EnvironmentMode.NO_ASSERT)
                .withRandomSeed(Long.parseLong(words[3]))
                .withPhases(new ConstructionHeuristicPhaseConfig(),
                        new LocalSearchPhaseConfig().withLocalSearchType(LocalSearchType.TABU_SEARCH));
        SolverFactory<Conference> factory = SolverFactory.create(config);
        if (words[0].equals("solve")) {
            Solver<Conference> solver = factory.buildSolver();
            endAfter(Double.parseDouble(words[2]), solver);
            conference = solver.solve(conference);
        }
        StringBuilder answer = new StringBuilder();
        var analysis = SolutionManager.<Conference, HardMediumSoftLongScore>create(factory).analyze(conference);
        for (var line : analysis.constraintMap().values()) {
            HardMediumSoftLongScore score = line.score();
            if (line.matchCount() > 0) {
                answer.append(String.format("line\t%s\t%d\t%d\t%d\t%d%n", line.constraintRef().constraintName(),
                        score.hardScore(), score.mediumScore(), score.softScore(), line.matchCount()));
            }
        }
        HardMediumSoftLongScore score = Objects.requireNonNull(analysis.score());
        answer.append(String.format("score\t%d\t%d\t%d%n", score.hardScore(), score.mediumScore(), score.softScore()));
        for (Talk talk : conference.talks) {
            answer.append(String.format("place\t%d\t%d%n", talk.slot.number, talk.room.number));
        }
        System.out.print(answer);
    }

    private Peer() {
    }
}
