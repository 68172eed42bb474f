import { heatLevel } from "../../parts/heat-map.tsx";
import { language, say } from "../../state/language.ts";
import { dayStartMs } from "../../time/local-time.ts";
import { lookBack } from "../../words/pages/looking/look-back.ts";
import { countText, longDayText } from "../../words/values.ts";
import type { Year } from "../../worker/look/sums/year.ts";
import { heatCells, monthMarks } from "./calendar.ts";

const [WIDTH, HEIGHT] = [1080, 1080];
const MARGIN = 64;
const CELL = (WIDTH - 2 * MARGIN) / 54;

/**
 * A year as a picture to be shown to others: numbers and days alone, no names, no words, in the colours of the page.
 */
export async function yearImage(year: Year): Promise<Blob> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const pen = canvas.getContext("2d")!;
  const probe = document.body.appendChild(document.createElement("i"));
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  pen.fillStyle = colour("paper");
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = colour("ink");
  const font = getComputedStyle(document.body).fontFamily;
  const write = (text: string, y: number, size: number): void => {
    pen.font = `${size}px ${font}`;
    pen.fillText(text, MARGIN, y, WIDTH - 2 * MARGIN);
  };
  write(say(lookBack).imageTitle(year.year), 130, 64);
  pen.fillStyle = colour("faint");
  for (const [i, fact] of facts(year).entries()) write(fact, 220 + i * 56, 34);
  pen.font = `22px ${font}`;
  drawDays(pen, year, colour);
  drawHours(pen, year, colour);
  pen.fillStyle = colour("faint");
  write(language.value === "zh" ? "念存 Keepsake" : "Keepsake 念存", HEIGHT - MARGIN, 28);
  probe.remove();
  return canvas.convertToBlob({ type: "image/png" });
}

function facts({ messages, yours, activeDays, streak }: Year): readonly string[] {
  const words = say(lookBack);
  return [
    words.messages(countText(messages), countText(yours)),
    words.active(countText(activeDays)),
    ...(streak.days > 1 ? [words.streak(countText(streak.days), longDayText(dayStartMs(streak.from)))] : []),
  ];
}

type Pen = OffscreenCanvasRenderingContext2D;
type Colour = (name: string) => string;

function drawDays(pen: Pen, { firstDay, perDay }: Year, colour: Colour): void {
  const top = 470;
  const most = Math.max(1, ...perDay);
  for (const { x, text } of monthMarks(firstDay)) pen.fillText(text, MARGIN + x * CELL, top - 14);
  for (const { x, y, count } of heatCells(firstDay, perDay)) {
    const level = heatLevel(count, most);
    pen.globalAlpha = level === 0 ? 1 : 0.25 * level;
    pen.fillStyle = colour(level === 0 ? "edge" : "accent");
    pen.fillRect(MARGIN + x * CELL, top + y * CELL, CELL - 3, CELL - 3);
  }
  pen.globalAlpha = 1;
}

function drawHours(pen: Pen, { hours }: Year, colour: Colour): void {
  const [top, height] = [680, 220];
  const width = (WIDTH - 2 * MARGIN) / 24;
  const most = Math.max(1, ...hours);
  for (const [hour, count] of hours.entries()) {
    const high = (height * count) / most;
    pen.fillStyle = colour("accent");
    pen.fillRect(MARGIN + hour * width, top + height - high, width - 6, high);
    pen.fillStyle = colour("faint");
    if (hour % 6 === 0) pen.fillText(String(hour), MARGIN + hour * width, top + height + 30);
  }
}
