/** The places of the values with a gap, or an end, on both sides. */
export function isolated(values: ArrayLike<number | null | undefined>): number[] {
  const there = (i: number): boolean => (values[i] ?? null) !== null
  return Array.from(values, (_, i) => i).filter((i) => there(i) && !there(i - 1) && !there(i + 1))
}
