import type {
  Draft,
  JsonObject,
  JsonValue,
  Kind,
  Message,
  PayloadOf,
  Payloads,
} from "../../../model/index.ts";
import { digitsOf, isObject, parseJson } from "../../json-values.ts";
import { count, looseWords, numberOf, present, seconds, words } from "./media.ts";

/** A kind with its payload. */
interface Card<K extends Kind = Kind> {
  readonly kind: K;
  readonly payload: PayloadOf<K>;
}

/** One sort of card: by which field it is known, and the way to our kind and back. */
interface CardSort<K extends Kind> {
  readonly field: string;
  readonly read: (message: JsonObject, value: JsonValue) => Card<K>;
  readonly fields: (payload: PayloadOf<K>) => JsonObject;
}

const contact: CardSort<"contact"> = {
  field: "contact_information",
  read(_, value) {
    const about = isObject(value) ? value : {};
    const name = [words(about["first_name"]), words(about["last_name"])].filter((part) => part !== undefined);
    const phone = words(about["phone_number"]);
    const payload = {
      ...(name.length > 0 && { name: name.join(" ") }),
      ...(phone !== undefined && { phones: [phone] }),
    };
    return { kind: "contact", payload };
  },
  fields: ({ name, phones }) => ({
    contact_information: { first_name: name ?? "", last_name: "", phone_number: phones?.[0] ?? "" },
  }),
};

type Place = Payloads["location"] & Payloads["liveLocation"];

function readPlace(message: JsonObject, value: JsonValue): Place {
  const place: Draft<Place> = {};
  const latitude = isObject(value) ? digitsOf(value["latitude"]) : undefined;
  const longitude = isObject(value) ? digitsOf(value["longitude"]) : undefined;
  if (latitude !== undefined) place.latitude = latitude;
  if (longitude !== undefined) place.longitude = longitude;
  const [title, address] = [words(message["place_name"]), words(message["address"])];
  if (title !== undefined) place.title = title;
  if (address !== undefined) place.address = address;
  const period = count(message["live_location_period_seconds"]);
  if (period !== undefined) place.periodMs = period * 1000;
  return place;
}

function placeFields({ latitude, longitude, title, address, periodMs }: Place): JsonObject {
  const where =
    latitude === undefined || longitude === undefined
      ? null
      : { latitude: numberOf(latitude), longitude: numberOf(longitude) };
  return {
    ...present("place_name", title),
    ...present("address", address),
    location_information: where,
    ...present("live_location_period_seconds", periodMs === undefined ? undefined : seconds(periodMs)),
  };
}

const location: CardSort<"location" | "liveLocation"> = {
  field: "location_information",
  read(message, value) {
    const payload = readPlace(message, value);
    return { kind: payload.periodMs === undefined ? "location" : "liveLocation", payload };
  },
  fields: placeFields,
};

const game: CardSort<"game"> = {
  field: "game_title",
  read(message, value) {
    const [description, url] = [words(message["game_description"]), words(message["game_link"])];
    const payload = {
      ...(typeof value === "string" && { title: value }),
      ...(description !== undefined && { description }),
      ...(url !== undefined && { url }),
    };
    return { kind: "game", payload };
  },
  fields: ({ title, description, url }) => ({
    game_title: title ?? "",
    game_description: description ?? "",
    ...present("game_link", url),
  }),
};

const poll: CardSort<"poll"> = {
  field: "poll",
  read(_, value) {
    const about = isObject(value) ? value : {};
    const voters = count(about["total_voters"]);
    const payload = {
      question: looseWords(about["question"]) ?? "",
      options: listOf(about["answers"]).map(readOption),
      ...(typeof about["closed"] === "boolean" && { closed: about["closed"] }),
      ...(voters !== undefined && { voters }),
    };
    return { kind: "poll", payload };
  },
  fields: ({ question, options, closed, voters }) => ({
    poll: {
      question,
      closed: closed ?? false,
      total_voters: voters ?? options.reduce((sum, { votes }) => sum + (votes ?? 0), 0),
      answers: options.map(({ text, votes, chosen }) => ({
        text,
        voters: votes ?? 0,
        chosen: chosen ?? false,
      })),
    },
  }),
};

function readOption(answer: JsonObject): PayloadOf<"poll">["options"][number] {
  const votes = count(answer["voters"]);
  return {
    text: looseWords(answer["text"]) ?? "",
    ...(votes !== undefined && { votes }),
    ...(typeof answer["chosen"] === "boolean" && { chosen: answer["chosen"] }),
  };
}

const todo: CardSort<"todo"> = {
  field: "todo_list",
  read(_, value) {
    const about = isObject(value) ? value : {};
    const title = looseWords(about["title"]);
    const tasks = listOf(about["answers"] ?? about["tasks"]).map((task) => {
      const id = digitsOf(task["id"]);
      return { text: looseWords(task["text"]) ?? "", ...(id !== undefined && { id }) };
    });
    return { kind: "todo", payload: { ...(title !== undefined && { title }), tasks } };
  },
  fields: ({ title, tasks }) => ({
    todo_list: {
      title: title ?? "",
      answers: tasks.map(({ text, id }) => ({
        text,
        ...present("id", id === undefined ? id : numberOf(id)),
      })),
    },
  }),
};

/** The invoice is a JSON document inside a string. */
const invoice: CardSort<"invoice"> = {
  field: "invoice_information",
  read(_, value) {
    const inner = typeof value === "string" ? parseJson(value) : value;
    const about = isObject(inner) ? inner : {};
    const payload: Draft<PayloadOf<"invoice">> = {};
    const [title, description] = [words(about["title"]), words(about["description"])];
    if (title !== undefined) payload.title = title;
    if (description !== undefined) payload.description = description;
    const [amount, currency] = [digitsOf(about["amount"]), words(about["currency"])];
    if (amount !== undefined) payload.amount = amount;
    if (currency !== undefined) payload.currency = currency;
    return { kind: "invoice", payload };
  },
  fields({ title, description, amount, currency }) {
    const about = {
      title: title ?? "",
      description: description ?? "",
      amount: amount === undefined || Number.isNaN(Number(amount)) ? 0 : Number(amount),
      currency: currency ?? "",
    };
    return { invoice_information: JSON.stringify(about) };
  },
};

function giveaway(field: string): CardSort<"card"> {
  return {
    field,
    read: () => ({ kind: "card", payload: { type: `telegram:${field}` } }),
    fields: () => ({}),
  };
}

const sorts = [
  contact,
  location,
  game,
  poll,
  todo,
  invoice,
  giveaway("giveaway_information"),
  giveaway("giveaway_results"),
] as unknown as readonly CardSort<Kind>[];

const sortByKind: ReadonlyMap<string, CardSort<Kind>> = new Map(
  Object.entries({
    contact,
    location,
    liveLocation: location,
    game,
    poll,
    todo,
    invoice,
  }) as unknown as Iterable<[string, CardSort<Kind>]>,
);

/** The kind and payload of a message that is a card of some sort; undefined if it is none. */
export function readCardKind(message: JsonObject): Card | undefined {
  for (const sort of sorts) {
    const value = message[sort.field];
    if (value !== undefined) return sort.read(message, value);
  }
  return undefined;
}

/** The fields of a card; undefined if Telegram has no such kind. */
export function cardFields(message: Message): JsonObject | undefined {
  const sort = sortByKind.get(message.kind);
  return sort === undefined
    ? undefined
    : sort.fields((message.payload ?? emptyOf(message.kind)) as PayloadOf<Kind>);
}

function emptyOf(kind: string): object {
  return kind === "poll" ? { question: "", options: [] } : kind === "todo" ? { tasks: [] } : {};
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter(isObject) : [];
}
