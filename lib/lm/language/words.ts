/**
 * The words of the course's own small language. Nothing is borrowed from any text: the course trains on what it wrote.
 *
 * @module
 */

const list = (words: string) => words.trim().split(/\s+/);

/** Characters by the pronoun that stands for them. */
export const names = {
  She: list(
    `Mira Ana Lena Nora Ida Rosa Vera Tara Ella Juna Kira Maja Olga Petra Runa Sara Tilda Uma Wanda Zora`,
  ),
  He: list(
    `Tomas Kai Leo Max Ben Oskar Paul Hugo Emil Finn Igor Jan Karl Milo Nils Otto Rolf Sven Timo Udo`,
  ),
} as const;

/** Where characters go. */
export const places = list(
  `market mill harbor forest bridge tower garden library station bakery castle cave church farm field hill
  inn island lake meadow mine museum orchard palace port river school shop stable theater valley village`,
);

/** What characters take, singular and plural. */
export const objects = list(
  `apple/apples lamp/lamps book/books coin/coins rope/ropes drum/drums knife/knives cup/cups plate/plates
  basket/baskets blanket/blankets bottle/bottles box/boxes brush/brushes button/buttons candle/candles
  carpet/carpets chair/chairs clock/clocks coat/coats comb/combs crown/crowns dress/dresses feather/feathers
  flag/flags flower/flowers flute/flutes fork/forks glove/gloves hammer/hammers harp/harps hat/hats
  helmet/helmets horn/horns jar/jars jewel/jewels kettle/kettles kite/kites ladder/ladders leaf/leaves
  letter/letters map/maps mask/masks mirror/mirrors nail/nails needle/needles net/nets paddle/paddles
  pearl/pearls pen/pens pillow/pillows pipe/pipes pot/pots ring/rings saddle/saddles sack/sacks scarf/scarves
  shell/shells shoe/shoes spoon/spoons stone/stones sword/swords ticket/tickets wheel/wheels`,
).map((pair) => pair.split("/") as [singular: string, plural: string]);

/** How things and places are. */
export const adjectives = list(
  `old new small large heavy light bright dark clean dusty warm cold soft hard round flat long short thin thick
  wet dry loud quiet sharp blunt smooth rough sweet bitter rich poor empty full cheap dear plain strange broken
  golden silver wooden woolen iron paper glass clay leather`,
);

/** What characters do to things, in groups: which thing follows depends on the group and on the adjective. */
export const verbs = [
  list(`finds sees loses hides`),
  list(`buys sells trades borrows`),
  list(`carries lifts drops pulls`),
  list(`cleans mends paints polishes`),
  list(`likes wants misses keeps`),
  list(`draws measures studies describes`),
] as const;

/** How characters feel. */
export const moods = list(
  `happy sad tired hungry angry calm proud afraid busy bored curious lonely`,
);

/** Favorite colors. */
export const colors = list(
  `red blue green yellow white black brown gray orange pink purple violet`,
);

/** Numbers as words. Only the first goes with the singular. */
export const numbers = list(`one two three four five six seven eight nine ten`);

/** Times of the day, which follow each other. */
export const times = list(`dawn morning noon afternoon evening night`);

/** What can be told of a character, and how often. */
export const attributes = { key: 3, color: 1, number: 1.5, home: 1, friend: 1 } as const;

/** Phrases that are one token each, as frequent phrases are in the vocabularies of large models. */
export const phrases = {
  start: "Once there were",
  now: "Now it is",
  of: (attribute: string) => `'s ${attribute} is`,
} as const;

/** All that holds sentences together. Digits are tokens of their own, so that a key of four is four tokens. */
export const glue = [
  ...list(
    `. , : " the and to is it walks runs takes gives counts says 0 1 2 3 4 5 6 7 8 9`,
  ),
  phrases.start,
  phrases.now,
  ...Object.keys(attributes).map(phrases.of),
];
