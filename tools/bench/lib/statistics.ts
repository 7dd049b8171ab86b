/** The value below or at which `percent` of the values lie (nearest rank). The list must not be empty. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1]!;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/**
 * The median of the ratios to a baseline that was measured in the same round. What else the machine did in a round
 * meets both alike, and goes out of its ratio. Both lists have one value per round.
 */
export function medianRatio(values: readonly number[], baseline: readonly number[]): number {
  return median(values.map((value, round) => value / baseline[round]!));
}
