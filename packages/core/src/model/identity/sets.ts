/** Union-find over the places 0 to size - 1. */
export interface DisjointSets {
  join(a: number, b: number): void;
  /** The smallest place of the set that holds `place`. */
  rootOf(place: number): number;
  /** All sets, each in rising order, by their smallest place. */
  groups(): number[][];
}

/** `size` sets of one place each. */
export function disjointSets(size: number): DisjointSets {
  const parents = Int32Array.from({ length: size }, (_, place) => place);
  const rootOf = (place: number): number => {
    let root = place;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = place; at !== root;) {
      const next = parents[at]!;
      parents[at] = root;
      at = next;
    }
    return root;
  };
  return {
    rootOf,
    join(a, b) {
      const [low, high] = [rootOf(a), rootOf(b)].sort((x, y) => x - y) as [number, number];
      parents[high] = low;
    },
    groups() {
      const groupByRoot = new Map<number, number[]>();
      for (let place = 0; place < size; place++) {
        const root = rootOf(place);
        const group = groupByRoot.get(root);
        if (group === undefined) groupByRoot.set(root, [place]);
        else group.push(place);
      }
      return [...groupByRoot.values()];
    },
  };
}
