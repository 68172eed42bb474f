import { accountOf } from "../names.ts";
import { bodyOf, given, part, type Part, type Reader, type Reading } from "../reading.ts";
import { at, attribute, textAt } from "../xml/look.ts";

/** A card that names an account; of WeChat for companies, too. */
export function readContact(reading: Reading): Part | undefined {
  const card = at(reading.xml(reading.text), "msg");
  const userName = attribute(card, "username");
  const name = attribute(card, "nickname");
  if (userName === undefined && name === undefined) return undefined;
  return part(
    "contact",
    given({
      name: name ?? attribute(card, "alias"),
      account: userName === undefined ? undefined : accountOf(userName),
      note: attribute(card, "sign"),
    }),
  );
}

export function readLocation(reading: Reading): Part | undefined {
  const place = at(reading.xml(reading.text), "msg", "location");
  if (place === undefined) return undefined;
  return part(
    "location",
    given({
      latitude: attribute(place, "x"),
      longitude: attribute(place, "y"),
      title: attribute(place, "poiname"),
      address: attribute(place, "label"),
    }),
  );
}

export function readMail(reading: Reading): Part | undefined {
  const mail = at(reading.xml(reading.text), "msg", "pushmail", "content");
  const root = mail ?? at(reading.xml(reading.text), "pushmail", "content");
  if (root === undefined) return undefined;
  const sender = textAt(root, "sender");
  return part("card", {
    type: "mail",
    ...given({ title: textAt(root, "subject"), description: textAt(root, "digest") }),
    ...(sender !== undefined && { fields: [{ name: "sender", value: sender }] }),
  });
}

/** Somebody asks to be a friend, or WeChat proposes one. */
export function friendRequest(action: string): Reader {
  return (reading) => {
    const request = at(reading.xml(reading.text), "msg");
    const userName = attribute(request, "fromusername");
    const name = attribute(request, "fromnickname");
    if (userName === undefined && name === undefined) return undefined;
    const actor = userName === undefined ? undefined : accountOf(userName);
    return part(
      "system",
      { action, meaning: "contact.add", ...given({ actor, actorName: name }) },
      bodyOf(attribute(request, "content")),
    );
  };
}
