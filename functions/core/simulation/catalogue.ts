import { below, itemAt, type Random } from './random.ts';

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly brand: string;
  /** List price of the first month. */
  readonly priceKurus: number;
  readonly costShare: number;
  /** The product's fixed members of a Segment `properties` object. */
  readonly json: string;
}

export interface Catalogue {
  /** Cheapest first. */
  readonly products: readonly Product[];
  readonly near: (random: Random, kurus: number) => Product;
  readonly popular: (random: Random) => Product;
}

interface Line {
  readonly category: string;
  readonly items: readonly string[];
  readonly fabrics: readonly string[];
  /** Lowest and highest list price in lira. */
  readonly prices: readonly [number, number];
}

const lines: readonly Line[] = [
  {
    category: 'Kadın Giyim',
    items: ['Elbise', 'Gömlek', 'Etek', 'Hırka', 'Pantolon'],
    fabrics: ['Keten', 'Pamuklu', 'Viskon', 'Triko'],
    prices: [390, 2400],
  },
  {
    category: 'Erkek Giyim',
    items: ['Gömlek', 'Pantolon', 'Kazak', 'Tişört'],
    fabrics: ['Keten', 'Pamuklu', 'Yünlü'],
    prices: [290, 2200],
  },
  {
    category: 'Dış Giyim',
    items: ['Kaban', 'Trençkot', 'Mont'],
    fabrics: ['Yünlü', 'Kapitone', 'Kadife'],
    prices: [1800, 7900],
  },
  {
    category: 'Ayakkabı ve Çanta',
    items: ['Bot', 'Spor Ayakkabı', 'Omuz Çantası', 'Cüzdan'],
    fabrics: ['Deri', 'Süet', 'Kanvas'],
    prices: [450, 4900],
  },
  {
    category: 'Çocuk',
    items: ['Pijama', 'Eşofman Takımı', 'Okul Çantası'],
    fabrics: ['Pamuklu', 'Baskılı'],
    prices: [220, 1300],
  },
  {
    category: 'Ev Tekstili',
    items: ['Nevresim Takımı', 'Havlu Seti', 'Yastık Kılıfı', 'Battaniye'],
    fabrics: ['Saten', 'Müslin', 'Bambu'],
    prices: [180, 3600],
  },
  {
    category: 'Mutfak',
    items: ['Kahve Fincanı Seti', 'Çaydanlık', 'Servis Tabağı', 'Döküm Tencere'],
    fabrics: ['Seramik', 'Emaye', 'Bakır'],
    prices: [140, 3900],
  },
  {
    category: 'Dekorasyon',
    items: ['Masa Lambası', 'Kilim', 'Vazo', 'Duvar Aynası'],
    fabrics: ['El Yapımı', 'Ahşap', 'Cam'],
    prices: [250, 9800],
  },
];

const colours = ['Bej', 'Lacivert', 'Zeytin Yeşili', 'Kırmızı', 'Beyaz'] as const;
const brands = ['Lale Atölye', 'Çınar Ev', 'Mavi Iğde', 'Söğüt', 'Gümüş İplik', 'Örnek Temel'] as const;

function describe(line: Line, random: Random): Omit<Product, 'id' | 'json'>[] {
  const [low, high] = line.prices;
  return line.items.flatMap((item) =>
    line.fabrics.flatMap((fabric) =>
      colours.map((colour) => ({
        name: `${fabric} ${item} ${colour}`,
        category: line.category,
        brand: itemAt(brands, below(random, brands.length)),
        // prices crowd at the low end and end in ,90 as shop prices do
        priceKurus: Math.round(low * (high / low) ** (random.next() ** 1.4)) * 100 - 10,
        costShare: Math.round((0.42 + 0.2 * random.next()) * 1000) / 1000,
      })),
    ),
  );
}

export function createCatalogue(random: Random): Catalogue {
  const products = lines
    .flatMap((line) => describe(line, random))
    .sort((a, b) => a.priceKurus - b.priceKurus)
    .map((product, index) => {
      const id = `PR-${String(index + 1).padStart(4, '0')}`;
      const members = {
        product_id: id,
        category: product.category,
        name: product.name,
        brand: product.brand,
      };
      return { ...product, id, json: JSON.stringify(members).slice(1, -1) };
    });
  const near = (random: Random, kurus: number): Product => {
    let low = 0;
    let high = products.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (itemAt(products, middle).priceKurus < kurus) low = middle + 1;
      else high = middle;
    }
    const index = low + below(random, 25) - 12;
    return itemAt(products, Math.min(Math.max(index, 0), products.length - 1));
  };
  // the square makes some products several times as popular as others; the stride mixes categories
  const popular = (random: Random): Product =>
    itemAt(products, (Math.floor(random.next() ** 2 * products.length) * 131) % products.length);
  return { products, near, popular };
}
