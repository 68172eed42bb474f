import { crc32, deflateRawSync } from "node:zlib";
import { decimal } from "../../providers/amounts.ts";
import type { GoogleBooks } from "./books.ts";

const names = [
  "Order Number",
  "Order Charged Date",
  "Order Charged Timestamp",
  "Financial Status",
  "Product Title",
  "Currency of Sale",
  "Charged Amount",
];

/** The sales report of a month, such as 202703, as a zip. */
export function reportOf(books: GoogleBooks, month: string): Buffer {
  const row = (
    order: { id: string; amount: number; currency: string },
    atMs: number,
    status: string,
  ): string => {
    const day = new Date(atMs).toISOString().slice(0, 10);
    const amount = `"${decimal(order.amount)}"`;
    return [order.id, day, Math.floor(atMs / 1000), status, '"50 GB, a month"', order.currency, amount].join(
      ",",
    );
  };
  const isIn = (ms: number): boolean => new Date(ms).toISOString().slice(0, 7).replace("-", "") === month;
  const rows = [...books.orders.values()].flatMap((order) => [
    ...(isIn(order.atMs) ? [row(order, order.atMs, "Charged")] : []),
    ...(order.refundedMs !== undefined && isIn(order.refundedMs)
      ? [row({ ...order, amount: -order.amount }, order.refundedMs, "Refund")]
      : []),
  ]);
  return zipOf(`salesreport_${month}.csv`, Buffer.from([names.join(","), ...rows, ""].join("\n")));
}

function zipOf(name: string, content: Buffer): Buffer {
  const [packed, title] = [deflateRawSync(content), Buffer.from(name)];
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(8, 4);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(title.length, 22);
  const local = Buffer.concat([Buffer.from("504b0304", "hex"), shared, title, packed]);
  const entry = Buffer.concat([Buffer.from("504b01021400", "hex"), shared, Buffer.alloc(14), title]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}
