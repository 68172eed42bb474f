import type { ComponentChildren, VNode } from "preact";
import { useFile } from "../parts/use-file.ts";
import { say } from "../state/language.ts";
import { kindWords } from "../words/kinds.ts";
import { longDayText } from "../words/values.ts";
import { Outside } from "./body.tsx";
import { listOf, mainAndThumb, numberOf, textOf, type BubbleGiven } from "./given.ts";

interface CardGiven {
  readonly kind: string;
  readonly title?: string | undefined;
  readonly text?: string | undefined;
  readonly url?: string | undefined;
  readonly beside?: string | undefined;
  readonly children?: ComponentChildren;
}

/** A title, a few lines and what sort of thing it is. */
export function Card({ kind, title, text, url, beside, children }: CardGiven): VNode {
  return (
    <div class="card-bubble">
      {title !== undefined && (
        <p class="card-title">{url === undefined ? title : <Outside href={url}>{title}</Outside>}</p>
      )}
      {text !== undefined && <p class="card-text">{text}</p>}
      {title === undefined && url !== undefined && (
        <p class="card-text">
          <Outside href={url}>{url}</Outside>
        </p>
      )}
      {children}
      <p class="card-kind">
        {kind}
        {beside !== undefined && ` · ${beside}`}
      </p>
    </div>
  );
}

/** The small picture of a card, where the source has one. */
function CardPicture({ attachments, chat }: BubbleGiven): VNode | null {
  const { main, thumb } = mainAndThumb(attachments);
  const shown = thumb ?? (main?.kind === "image" ? main : undefined);
  const file = useFile(chat.collection, shown);
  return file.value.url === undefined ? null : <img class="card-picture" src={file.value.url} alt="" />;
}

/** Links, mini programs, posts, music, games and other cards: the same shape, with other fields. */
export function AnyCard(given: BubbleGiven & { readonly label: string }): VNode {
  const { payload, body } = given.message;
  const beside = textOf(payload, "siteName") ?? textOf(payload, "name") ?? textOf(payload, "authorName");
  return (
    <Card
      kind={given.label}
      title={textOf(payload, "title") ?? body?.text}
      text={textOf(payload, "description") ?? textOf(payload, "text") ?? textOf(payload, "performer")}
      url={textOf(payload, "url")}
      beside={beside ?? textOf(payload, "app")}
    >
      <CardPicture {...given} />
      <Fields payload={payload} />
    </Card>
  );
}

function Fields({ payload }: { readonly payload: object | undefined }): VNode | null {
  const fields = listOf(payload, "fields");
  if (fields.length === 0) return null;
  return (
    <dl class="fields">
      {fields.map((field, i) => (
        <div key={i}>
          <dt>{textOf(field, "name")}</dt>
          <dd>{textOf(field, "value")}</dd>
        </div>
      ))}
    </dl>
  );
}

export function ContactCard({ message: { payload } }: BubbleGiven): VNode {
  const numbers = (payload as { readonly phones?: unknown } | undefined)?.phones;
  const phones = Array.isArray(numbers)
    ? numbers.filter((each) => typeof each === "string").join(" · ")
    : undefined;
  return (
    <Card
      kind={say(kindWords).contact}
      title={textOf(payload, "name")}
      text={phones || textOf(payload, "note")}
    />
  );
}

/** A place on a map without tiles: nobody is asked where somebody was. */
export function Place({ message: { payload, kind } }: BubbleGiven): VNode {
  const words = say(kindWords);
  const [latitude, longitude] = [Number(textOf(payload, "latitude")), Number(textOf(payload, "longitude"))];
  const isKnown =
    Number.isFinite(latitude) && Number.isFinite(longitude) && (latitude !== 0 || longitude !== 0);
  return (
    <Card
      kind={kind === "liveLocation" ? words.liveLocation : words.location}
      title={textOf(payload, "title")}
      text={textOf(payload, "address")}
      beside={isKnown ? `${latitude.toFixed(5)}, ${longitude.toFixed(5)}` : undefined}
    >
      {isKnown && <Globe latitude={latitude} longitude={longitude} />}
    </Card>
  );
}

/** Where on Earth: lines of latitude and longitude every 30 degrees, and a point. */
function Globe({ latitude, longitude }: { readonly latitude: number; readonly longitude: number }): VNode {
  const [x, y] = [longitude + 180, 90 - latitude];
  const lines = Array.from({ length: 11 }, (_, i) => (i + 1) * 30);
  return (
    <svg class="globe" viewBox="0 0 360 180" role="img" aria-hidden="true">
      {lines.map((at) => (
        <path key={`v${at}`} d={`M${at} 0V180`} />
      ))}
      {lines.slice(0, 5).map((at) => (
        <path key={`h${at}`} d={`M0 ${at}H360`} />
      ))}
      <path class="equator" d="M0 90H360M180 0V180" />
      <circle cx={x} cy={y} r="7" />
    </svg>
  );
}

export function EventCard({ message: { payload } }: BubbleGiven): VNode {
  const startsAt = numberOf(payload, "startsAt");
  return (
    <Card
      kind={say(kindWords).event}
      title={textOf(payload, "title")}
      text={textOf(payload, "place") ?? textOf(payload, "description")}
      beside={startsAt === undefined ? undefined : longDayText(startsAt)}
    />
  );
}
