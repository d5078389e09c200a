const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** A category, its kinds of product, and their median price in cents. */
export type GeneratedCategory = {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly medianPrice: number;
};

const category = (name: string, medianPrice: number, kinds: string): GeneratedCategory => ({
  name,
  medianPrice,
  kinds: kinds.split(',').map((kind) => kind.trim()),
});

/** The largest categories first. */
export const CATEGORIES: readonly GeneratedCategory[] = [
  category('kitchen', 2900, 'pan, saucepan, kettle, cutting board, ladle, colander, mixing bowl'),
  category('tableware', 1900, 'plate, soup bowl, mug, tumbler, carafe, serving dish, egg cup'),
  category('bedding', 5900, 'duvet cover, pillow case, fitted sheet, blanket, quilt, throw'),
  category('lighting', 7900, 'floor lamp, desk lamp, pendant, wall light, lantern, lampshade'),
  category('storage', 2400, 'basket, crate, shelf box, jar, hook rail, drawer insert'),
  category('stationery', 900, 'notebook, fountain pen, pencil set, folder, desk pad, envelope set'),
  category('chairs', 18900, 'chair, stool, armchair, rocking chair, folding chair'),
  category('tables', 34900, 'dining table, side table, desk, coffee table, bench table'),
  category('bathroom', 1700, 'bath towel, soap dish, bath mat, toothbrush holder, mirror'),
  category('garden', 2600, 'watering can, trowel, planter, secateurs, rake, hose reel'),
  category('hand-tools', 2200, 'hammer, chisel, hand plane, screwdriver, saw, try square'),
  category('bags', 6900, 'rucksack, tote, satchel, toiletry bag, weekender, pouch'),
  category('jackets', 14900, 'rain jacket, parka, overshirt, gilet, fleece'),
  category('knitwear', 8900, 'jumper, cardigan, beanie, scarf, roll neck'),
  category('shirts', 5900, 'shirt, t-shirt, polo shirt, blouse, henley'),
  category('trousers', 7900, 'trousers, jeans, shorts, chinos, leggings'),
  category('shoes', 11900, 'trainers, boots, loafers, sandals, slippers'),
  category('socks', 1200, 'socks, ankle socks, knee socks, tights'),
  category('camping', 9900, 'tent, sleeping bag, camp stove, mess tin, head torch'),
  category('cycling', 4900, 'bicycle lamp, pannier, saddle, bell, pump, bottle cage'),
  category('toys', 2100, 'building blocks, puzzle, pull-along duck, spinning top, kite'),
  category('games', 2900, 'card game, board game, dice set, draughts set, chess set'),
  category(
    'coffee',
    1400,
    'coffee beans, pour-over cone, hand grinder, espresso cup, filter papers',
  ),
  category('tea', 1100, 'black tea, herbal tea, teapot, tea strainer, tea tin'),
  category('pantry', 800, 'olive oil, honey, sea salt, mustard, oat biscuits, jam'),
  category('baking', 1600, 'loaf tin, rolling pin, cake stand, dough scraper, pastry brush'),
  category('knives', 8400, 'chef knife, paring knife, bread knife, knife block, honing steel'),
  category('rugs', 19900, 'rug, runner, doormat, sheepskin'),
  category('curtains', 6400, 'curtain, roller blind, curtain rod, tie-back'),
  category('clocks', 5400, 'wall clock, alarm clock, mantel clock, kitchen timer'),
  category('candles', 1500, 'candle, candlestick, tea lights, wax melt'),
  category('vases', 3400, 'vase, bud vase, flower frog, jug'),
  category('prints', 3900, 'print, poster, picture frame, postcard set'),
  category('audio', 15900, 'headphones, radio, speaker, turntable'),
  category('cables', 1300, 'charging cable, extension lead, adapter, cable reel'),
  category('pets', 2300, 'dog bed, feeding bowl, cat tree, lead, scratching post'),
  category('baby', 3200, 'muslin cloth, cot blanket, bib, teething ring'),
  category('music', 12900, 'ukulele, music stand, metronome, tambourine'),
  category('painting', 1800, 'paint brush, watercolour set, sketchbook, easel'),
  category('telescopes', 42900, 'telescope, binoculars, star chart, tripod'),
];

export const MATERIALS = words(`
  oak ash beech walnut birch pine bamboo cork linen cotton wool merino felt leather suede canvas
  denim silk hemp jute steel iron copper brass aluminium enamel glass porcelain stoneware
  earthenware marble slate granite paper rubber silicone wax rattan willow titanium`);

export const COLOURS = words(`
  white black grey charcoal ivory cream sand ochre mustard amber rust terracotta red crimson rose
  coral plum violet indigo navy blue teal turquoise mint sage olive green moss brown chestnut`);

export const SIZES: readonly string[] = [
  'small',
  'medium',
  'large',
  'extra large',
  'set of two',
  'set of four',
  'set of six',
  'travel size',
];

export const ROOMS = words(`
  kitchen bedroom hallway bathroom workshop garden balcony nursery study attic cellar porch
  greenhouse pantry studio cabin`);

/** Sentences of a description, with placeholders in braces. */
export const SENTENCES: readonly string[] = [
  'Made of {material} that is picked by hand in small lots.',
  'It stands well in a {room} and is at home in a {room} too.',
  'The {colour} finish is rubbed in by hand and deepens with the years.',
  'Each one is checked by the person who made it.',
  'Weighs {number} grams and packs flat.',
  'Wipe it with a damp cloth and let it dry in the air.',
  'The {material} edge keeps its shape after long use.',
  'Spare parts are kept for {number} months.',
  'Comes in a box of plain card without plastic.',
  'Designed by {maker} for a {room} with little space.',
  'A quiet {colour} that goes with {material} and {material}.',
  'Tested for {number} hours in a {room} that is used every day.',
];

export const ONSETS = words('b br d dr f fl g gr h j k kr l m n p pl r s sk st t tr v w z');
export const VOWELS = words('a e i o u ae ei ia oa');
export const CODAS = ['', '', '', 'l', 'n', 'r', 's', 'm', 'nd', 'rk', 'x'];
