/** How a secret may be written down. */
export interface Spelling {
  /** The secret's place in the list, from 1: messages name it by this, and never show it. */
  number: number;
  text: string;
}

/** As it is, as it stands in JSON, and as it stands in a URL. Throws for a secret that every text would contain. */
export function spellingsOf(secrets: readonly string[]): Spelling[] {
  return secrets.flatMap((secret, index) => {
    const number = index + 1;
    if (secret === '') throw new Error(`The secret ${number} is empty, so it cannot be looked for.`);
    const texts = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
    return [...new Set(texts)].map((text) => ({ number, text }));
  });
}

export function secretsInText(text: string, spellings: readonly Spelling[]): Set<number> {
  return new Set(spellings.filter((spelling) => text.includes(spelling.text)).map(({ number }) => number));
}

/** Looks for secrets in bytes that come piece by piece, across the borders of the pieces. */
export class ByteSearch {
  readonly found = new Set<number>();
  private readonly patterns: { number: number; bytes: Buffer }[];
  private readonly overlap: number;
  private rest = Buffer.alloc(0);

  constructor(spellings: readonly Spelling[]) {
    this.patterns = spellings.map(({ number, text }) => ({ number, bytes: Buffer.from(text) }));
    this.overlap = Math.max(0, ...this.patterns.map(({ bytes }) => bytes.length - 1));
  }

  /** `piece` may be used again by the caller afterwards. */
  add(piece: Buffer): void {
    const bytes = Buffer.concat([this.rest, piece]);
    for (const pattern of this.patterns) if (bytes.includes(pattern.bytes)) this.found.add(pattern.number);
    this.rest = Buffer.from(bytes.subarray(Math.max(0, bytes.length - this.overlap)));
  }
}
