/** What this browser is called among a member's devices, such as `Chrome, Android`. */
export function deviceName(agent: string = navigator.userAgent): string {
  return [firstOf(browsers, agent), firstOf(systems, agent)].filter(Boolean).join(", ") || "Web";
}

/** The first name of which the agent says the word; those that also say another's word stand before it. */
const browsers: readonly (readonly [word: string, name: string])[] = [
  ["Edg", "Edge"],
  ["Firefox", "Firefox"],
  ["Chrom", "Chrome"],
  ["Safari", "Safari"],
];

const systems: readonly (readonly [word: string, name: string])[] = [
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Android", "Android"],
  ["Windows", "Windows"],
  ["Mac OS", "Mac"],
  ["Linux", "Linux"],
];

function firstOf(names: readonly (readonly [string, string])[], agent: string): string | undefined {
  return names.find(([word]) => agent.includes(word))?.[1];
}
