import { randomOf, type Random } from "../../history/random.ts";

/** Text as it stands between tags or in an attribute. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

export function cdata(text: string): string {
  return `<![CDATA[${text}]]>`;
}

/** An element with a text; none where there is no text. */
export function tag(name: string, text: string | number | undefined): string {
  return text === undefined ? `<${name}/>` : `<${name}>${escaped(String(text))}</${name}>`;
}

export function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(" ");
}

/** So many digits of 16. */
export function hex(random: Random, digits: number): string {
  let text = "";
  while (text.length < digits) text += random.next().toString(16).padStart(8, "0");
  return text.slice(0, digits);
}

/**
 * What WeChat calls the address of a file at its servers, as public samples have it: nested DER in hexadecimal of who
 * sent it, over which of some servers, when, and of a UUID that is ASCII in there. All sizes of a picture have the same.
 */
export function serverKey({ random, sender, sentSeconds }: FileScene): string {
  const account = hex(randomOf("server key", sender), 8);
  const server = randomOf("server", random.below(500));
  const [host, address, kind] = [hex(server, 3), hex(server, 8), hex(server, 4)];
  const sent = sentSeconds.toString(16).padStart(8, "0");
  return (
    `3057020100044b30490201000204${account}02032f5${host}0204${address}0204${sent}` +
    `0424${uuidAsHex(random)}020401150a020201000405004c${kind}00`
  );
}

export interface FileScene {
  readonly random: Random;
  readonly sender: string;
  readonly sentSeconds: number;
}

function uuidAsHex(random: Random): string {
  const digits = hex(random, 32);
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ];
  return Array.from(parts.join("-"), (character) => character.charCodeAt(0).toString(16)).join("");
}

/** Nineteen digits at most, beyond 2^53 as a rule. */
export function serverId(random: Random): string {
  return String((BigInt(random.next() >>> 1) << 32n) | BigInt(random.next() || 1));
}

/** Tags that every app message carries, mostly empty. */
const usual =
  "<action/><showtype>0</showtype><soundtype>0</soundtype><mediatagname/><messageext/><messageaction/><content/><contentattr>0</contentattr><lowurl/><dataurl/><lowdataurl/>";
const usualEnd =
  "<sourceusername/><commenturl/><statextstr/><directshare>0</directshare><webviewshared><jsAppId/></webviewshared>";

export interface AppTags {
  readonly type: number | string;
  /** The tags of its type. */
  readonly tags: string;
  readonly attach?: string;
  readonly appName?: string;
  readonly from: string;
}

/** An app message as phones write it. */
export function appMessage({ type, tags, attach = "", appName, from }: AppTags): string {
  const emptyAttach = "<attachid/><cdnattachurl/><encryver>0</encryver><islargefilemsg>0</islargefilemsg>";
  return (
    `<?xml version="1.0"?>\n<msg>\n\t<appmsg appid="" sdkver="0">${tags}<type>${type}</type>${usual}` +
    `<appattach>${attach}${emptyAttach}</appattach>${usualEnd}</appmsg>` +
    `<fromusername>${escaped(from)}</fromusername><scene>0</scene>` +
    `<appinfo><version>1</version>${tag("appname", appName)}</appinfo><commenturl/></msg>\n`
  );
}
