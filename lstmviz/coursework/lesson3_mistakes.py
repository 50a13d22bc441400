"""Typical mistakes of tutorial 3, as changes of code: see `mistakes.py`."""

__all__ = ["BEAT", "CONTEXT", "VICINITY"]

# In features._beat:

BITS = "2 * bits - 1"
DIGITS = "(t % STEPS_PER_BAR)[:, None] >> np.arange(4) & 1"
BEAT = {
    "These are 0 and 1: a 0 should become -1.": (BITS, "bits"),
    "The lowest bit comes first, the one that changes at every step; here the "
    "highest bit comes first.": ("np.arange(4)", "np.arange(3, -1, -1)"),
    "The signs are swapped: a 0 should become -1, a 1 should become +1.": (
        BITS,
        "1 - 2 * bits",
    ),
    "The highest bit comes first, and the signs are swapped: lowest bit first, -1 "
    "for a 0, +1 for a 1.": (BITS, "1 - 2 * bits[:, ::-1]"),
    "The highest bit comes first, as 0 and 1: lowest bit first, -1 for a 0, +1 for a "
    "1.": (
        BITS,
        "bits[:, ::-1]",
    ),
    "The bits still have their weights 1, 2, 4, 8: make each 0 or 1 before you make "
    "it -1 or +1.": (BITS, "2 * (bits << np.arange(4)) - 1"),
    "The bits still have their weights 1, 2, 4, 8: each should be -1 or +1.": (
        BITS,
        "bits << np.arange(4)",
    ),
    "The higher bits are still there: after dividing by 2, 4 or 8, take the last "
    "digit only, % 2.": (" & 1", ""),
    "These numbers have no sign: in uint8 -1 is 255. Convert to int first.": (
        BITS,
        "np.where(bits, 1, 255)",
    ),
    "These have no sign: in uint8 -1 is 255, so convert to int first. And the lowest "
    "bit comes first.": (BITS, "np.where(bits[:, ::-1], 1, 255)"),
    "t % 4 still contains two bits, 0 to 3: divide it by 2 (//), t % 8 by 4, t % 16 "
    "by 8.": (
        DIGITS,
        "t[:, None] % 2 ** np.arange(1, 5)",
    ),
    "Steps are counted from 0, so that t = 0 is the first of its bar; here they are "
    "counted from 1.": ("t % STEPS_PER_BAR", "(t + 1) % STEPS_PER_BAR"),
    "In Python, ^ is not a power: 2 to the power of k is 2**k.": (
        DIGITS,
        "(t[:, None] % 16 // np.maximum(2 ^ np.arange(4), 1)) % 2",
    ),
    "One number for each step is not enough: there are four bits.": (DIGITS, "t % 16"),
}

# In features._vicinity:

PADDED = "np.pad(states, padding)"
AXES = "[(0, 0)] * (states.ndim - 2) + [(REACH, REACH), (0, 0)]"
ALONG_TIME = (AXES, "[(REACH, REACH), (0, 0), (0, 0)]", "axis=-2", "axis=-3")
PAIRS, FLAT = "[played, articulated], axis=-1)", ".reshape(*states.shape[:-2], N, 50)"
VICINITY = {
    "All played come first, then all articulated; the two numbers of each interval "
    "should be next to each other.": ("axis=-1", "axis=-2"),
    "For each interval, played comes first, then articulated; here they are swapped.": (
        PAIRS,
        "[articulated, played], axis=-1)",
    ),
    "The intervals are in reverse order: the octave below, -12, comes first.": (
        PAIRS,
        "[played[..., ::-1], articulated[..., ::-1]], axis=-1)",
    ),
    "The intervals are in reverse order, and articulated comes before played.": (
        PAIRS,
        "[articulated[..., ::-1], played[..., ::-1]], axis=-1)",
    ),
    "Both numbers of an interval say whether the note is played; the second should "
    "say whether it is articulated.": (PAIRS, "[played, played], axis=-1)"),
    "The intervals are too high by one: the first is -12, not -11.": (
        "(REACH, REACH)",
        "(REACH - 1, REACH + 1)",
    ),
    "The intervals are too low by one: the first is -12, not -13.": (
        "(REACH, REACH)",
        "(REACH + 1, REACH - 1)",
    ),
    "The octave above is missing: range(-12, 12) ends with 11.": (
        PAIRS,
        "[(np.arange(25) < 24) * x for x in (played, articulated)], axis=-1)",
    ),
    "The octave above is missing: range(-12, 12) has 24 intervals and ends with 11.": (
        FLAT,
        "[..., :24, :].reshape(*states.shape[:-2], N, 48)",
    ),
    "The note itself belongs to its vicinity: the numbers of interval 0 are zero "
    "here.": (
        PAIRS,
        "[(np.arange(25) != 12) * x for x in (played, articulated)], axis=-1)",
    ),
    "The note itself belongs to its vicinity: interval 0 is left out.": (
        FLAT,
        "[..., np.arange(25) != 12, :].reshape(*states.shape[:-2], N, 48)",
    ),
    "The second number of each interval is 0 everywhere: it should say whether the "
    "note is articulated.": (
        PAIRS,
        "[played, 0 * articulated], axis=-1)",
    ),
    "The interval -12 belongs at index k = 0: add 12, since negative indices count "
    "from the end.": (
        PAIRS,
        "[np.roll(x, -12, axis=-1) for x in (played, articulated)], axis=-1)",
    ),
    "Notes less than an octave from an edge have neighbours as well: only neighbours "
    "that do not exist are 0.": (
        FLAT,
        f"{FLAT} * ((np.arange(N) >= REACH) & (np.arange(N) < N - REACH))[:, None]",
    ),
    "This says only whether each neighbour is played: each interval has a second "
    "number, articulated.": (
        f"np.stack({PAIRS}{FLAT}",
        "played",
    ),
    "Everything is shifted along time; neighbours are other notes of the same step, "
    "along axis 1.": ALONG_TIME,
    "Everything is rotated along time (axis 0); neighbours are other notes of the "
    "same step, along axis 1.": (
        PADDED,
        "np.pad(states, padding, 'wrap')",
        *ALONG_TIME,
    ),
    "The neighbours wrap around (np.roll does that): below the lowest note there is "
    "silence, not the highest note.": (PADDED, "np.pad(states, padding, 'wrap')"),
    "Below the lowest note there is silence: a negative index counts from the end, "
    "and so takes the highest notes.": (
        PADDED,
        "np.pad(states, padding, 'wrap')\n    padded[..., REACH + N :, :] = 0",
    ),
    "Beyond the edges the outermost notes are repeated; there should be silence.": (
        PADDED,
        "np.pad(states, padding, 'edge')",
    ),
}

# In features._context:

COUNT = "np.eye(12, dtype=np.float32)[pitch_class]"
ROTATED = "count[..., (pitch_class[:, None] + np.arange(12)) % 12]"
FROM_0 = COUNT.replace("[pitch_class]", "[np.arange(len(pitch_class)) % 12]")
SAME_FOR_ALL = "np.repeat(count[:, None], len(pitch_class), axis=1)"
CONTEXT = {
    "Every note gets the same numbers, from C upwards: each note should read the "
    "counts from its own pitch class.": (ROTATED, SAME_FOR_ALL),
    "Every note gets the same numbers, and `low` is left out: pitch classes are (low "
    "+ n) % 12.": (ROTATED, SAME_FOR_ALL, COUNT, FROM_0),
    "The counts are the same for all notes: each note should read them from its own "
    "pitch class upwards, (T, N, 12).": (ROTATED, "count"),
    "The counts are rotated in the wrong direction: number k is that of pitch class "
    "(own + k) % 12.": (
        "pitch_class[:, None] + np.arange(12)",
        "np.arange(12) - pitch_class[:, None]",
    ),
    "The counts go down from the note's own pitch class; they should go up.": (
        "+ np.arange(12)",
        "- np.arange(12)",
    ),
    "The counts start a semitone above the note; number 0 is the note's own pitch "
    "class.": (
        "+ np.arange(12)",
        "+ np.arange(1, 13)",
    ),
    "The counts do not wrap around: the pitch class above B, 11, is C again, 0. Take "
    "the sum % 12.": (
        ROTATED,
        f"(pitch_class[:, None] + np.arange(12) < 12) * {ROTATED}",
    ),
    "np.roll without an axis moves numbers from one time step to the next: use "
    "axis=1.": (
        ROTATED,
        "np.stack([np.roll(count, -k) for k in pitch_class], axis=1)",
    ),
    "`low` is left out where you count: pitch classes are (low + n) % 12.": (
        COUNT,
        FROM_0,
    ),
    "`low` is left out where you rotate the counts: a note's own pitch class is (low "
    "+ n) % 12.": (
        "pitch_class[:, None] +",
        "np.arange(len(pitch_class))[:, None] +",
    ),
    "These say whether a pitch class sounds; return how many of its notes sound.": (
        ROTATED,
        f"np.minimum(1, {ROTATED})",
    ),
    "These are fractions of all notes that sound; return the counts themselves.": (
        ROTATED,
        f"{ROTATED} / count.sum(axis=-1)[:, None, None]",
    ),
    "count[:, pitch_class] += adds once for each pitch class, however many of its "
    "notes sound: a loop, np.add.at or a matrix product adds them all.": (
        f"count = played @ {COUNT}",
        "count = np.zeros((len(played), 12))\n    count[:, pitch_class] += played",
    ),
    "All time steps are counted together: at each step, count the notes that sound "
    "at that step.": (
        "played @",
        "np.tile(played.sum(axis=0), (len(played), 1)) @",
    ),
}
