const INTERPRETER = 3;

/** Whether a 64-bit little-endian ELF program asks for a dynamic loader (System V ABI, chapter 5). */
export function hasInterpreter(elf: Buffer): boolean {
  const start = Number(elf.readBigUInt64LE(0x20));
  const size = elf.readUInt16LE(0x36);
  const segments = Array.from({ length: elf.readUInt16LE(0x38) }, (_, index) => start + index * size);
  return segments.some((offset) => elf.readUInt32LE(offset) === INTERPRETER);
}
