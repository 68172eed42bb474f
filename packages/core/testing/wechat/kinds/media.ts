import { title } from "../../history/words.ts";
import { randomOf, type Random } from "../../history/random.ts";
import { sorts, type MadeFile, type MakeContent } from "./made.ts";
import { appMessage, attributes, hex, serverKey, tag } from "./xml.ts";

const md5Hash = (value: string) => [{ algorithm: "md5", value }] as const;

function thumb(about: { sizeBytes: number; width: number; height: number }, place: string): MadeFile {
  return {
    about: { kind: "image", role: "thumb", ...about },
    place,
    sort: sorts.thumb,
    otherwise: "missing",
    isOptional: true,
  };
}

function thumbSize(random: Random): { sizeBytes: number; width: number; height: number } {
  return { sizeBytes: 2000 + random.below(6000), width: 60 + random.below(120), height: 120 };
}

/** A picture; now and then the larger form lies there too. */
export const image: MakeContent = (scene) => {
  const { random } = scene;
  const [small, key, md5] = [thumbSize(random), hex(random, 32), hex(random, 32)];
  const address = serverKey(scene);
  const length = 20_000 + random.below(300_000);
  const large = random.chance(0.1)
    ? { width: 1080 + random.below(3000), height: 1440, bytes: length * 4 }
    : undefined;
  const about = attributes({
    aeskey: key,
    encryver: 1,
    cdnthumbaeskey: key,
    cdnthumburl: address,
    cdnthumblength: small.sizeBytes,
    cdnthumbheight: small.height,
    cdnthumbwidth: small.width,
    cdnmidheight: 0,
    cdnmidwidth: 0,
    cdnhdheight: large?.height ?? 0,
    cdnhdwidth: large?.width ?? 0,
    cdnmidimgurl: address,
    ...(large !== undefined && { cdnbigimgurl: address, hdlength: large.bytes }),
    length,
    md5,
    hevc_mid_size: length,
    originsourcemd5: "",
  });
  return {
    type: 3,
    text: `<?xml version="1.0"?>\n<msg>\n\t<img ${about} />\n\t<platform_signature></platform_signature>\n\t<imgdatahash></imgdatahash>\n\t<ImgSourceInfo>\n\t\t<ImgSourceUrl />\n\t\t<BizType>0</BizType>\n\t</ImgSourceInfo>\n</msg>\n`,
    says: { kind: "image" },
    files: [
      {
        about: {
          kind: "image",
          sizeBytes: large?.bytes ?? length,
          ...(large !== undefined && { width: large.width, height: large.height }),
          hashes: md5Hash(md5),
        },
        place: large === undefined ? "Img/#.pic" : "Img/#.pic_hd",
        sort: sorts.image,
        otherwise: "missing",
      },
      thumb(small, "Img/#.pic_thum"),
    ],
  };
};

/** SILK, or AMR as older phones wrote it. */
export const voice: MakeContent = (scene) => {
  const { random, sender } = scene;
  const isAmr = random.chance(0.1);
  const [durationMs, sizeBytes] = [500 + random.below(59_000), 900 + random.below(60_000)];
  const about = attributes({
    endflag: 1,
    cancelflag: 0,
    forwardflag: 0,
    voiceformat: isAmr ? 0 : 4,
    voicelength: durationMs,
    length: sizeBytes,
    bufid: 0,
    aeskey: hex(random, 32),
    voiceurl: serverKey(scene),
    voicemd5: "",
    clientmsgid: `4${hex(random, 32)}`,
    fromusername: sender,
  });
  return {
    type: 34,
    text: `<msg><voicemsg ${about} /></msg>`,
    says: { kind: "voice" },
    files: [
      {
        about: { kind: "voice", mime: isAmr ? "audio/amr" : "audio/silk", sizeBytes, durationMs },
        place: "Audio/#.aud",
        sort: sorts.voice,
        otherwise: "missing",
      },
    ],
  };
};

/** Type 43, and 62 for the short ones. */
export const video =
  (type: 43 | 62): MakeContent =>
  (scene) => {
    const { random, sender } = scene;
    const [small, md5] = [thumbSize(random), hex(random, 32)];
    const [key, address] = [hex(random, 32), serverKey(scene)];
    const [sizeBytes, seconds] = [200_000 + random.below(9_000_000), 1 + random.below(60)];
    const about = attributes({
      aeskey: key,
      cdnvideourl: address,
      cdnthumbaeskey: key,
      cdnthumburl: address,
      length: sizeBytes,
      playlength: seconds,
      cdnthumblength: small.sizeBytes,
      cdnthumbwidth: small.width,
      cdnthumbheight: small.height,
      fromusername: sender,
      md5,
      newmd5: hex(random, 32),
      isplaceholder: 0,
      rawmd5: "",
      rawlength: 0,
    });
    return {
      type,
      text: `<?xml version="1.0"?>\n<msg>\n\t<videomsg ${about} />\n</msg>\n`,
      says: { kind: "video" },
      files: [
        {
          about: {
            kind: "video",
            mime: "video/mp4",
            sizeBytes,
            durationMs: seconds * 1000,
            hashes: md5Hash(md5),
          },
          place: random.chance(0.2) ? "Video/#_raw.mp4" : "Video/#.mp4",
          sort: sorts.video,
          otherwise: "missing",
        },
        thumb(small, "Video/#.video_thum"),
      ],
    };
  };

const outcomes = [
  { type: 1, content: 2, emoji: "✊", result: "rock" },
  { type: 1, content: 3, emoji: "✊", result: "paper" },
  { type: 2, content: 4, emoji: "🎲", result: "1" },
  { type: 2, content: 9, emoji: "🎲", result: "6" },
] as const;

const stickers = 5000;

/** A sticker; one of some thousands that are sent again and again, now and then a die. */
export const sticker: MakeContent = ({ random: drawn, sender, chat }) => {
  const random = randomOf("sticker", Math.floor(drawn.unit() ** 3 * stickers));
  const md5 = hex(random, 32);
  const [sizeBytes, pack] = [
    2000 + random.below(400_000),
    random.chance(0.5) ? "com.example.cats" : undefined,
  ];
  const [address, caption] = [
    `http://wxapp.tc.qq.com/262/20304/stodownload?m=${md5}&filekey=${hex(random, 96)}`,
    random.chance(0.2) ? title(random) : undefined,
  ];
  const game = random.chance(0.02) ? random.pick(outcomes) : undefined;
  const about = attributes({
    fromusername: sender,
    tousername: chat,
    type: 2,
    idbuffer: "media:0_0",
    md5,
    len: sizeBytes,
    productid: pack ?? "",
    androidmd5: md5,
    androidlen: sizeBytes,
    cdnurl: address,
    designerid: "",
    thumburl: "",
    encrypturl: `http://wxapp.tc.qq.com/262/20304/stodownload?m=${hex(random, 32)}&filekey=${hex(random, 64)}`,
    aeskey: hex(random, 32),
    externurl: `http://wxapp.tc.qq.com/262/20304/stodownload?m=${hex(random, 32)}`,
    externmd5: hex(random, 32),
    width: 240,
    height: 238,
    tpurl: "",
    attachedtext: caption ?? "",
  });
  const played = game === undefined ? "" : `<gameext type="${game.type}" content="${game.content}" />`;
  return {
    type: 47,
    text: `<msg><emoji ${about}></emoji>${played}</msg>`,
    says: {
      kind: "sticker",
      payload: {
        id: md5,
        ...(pack !== undefined && { pack }),
        ...(game !== undefined && { emoji: game.emoji, result: game.result }),
      },
    },
    files: [
      {
        about: {
          kind: "sticker",
          sizeBytes,
          width: 240,
          height: 238,
          ...(caption !== undefined && { caption }),
          ref: address,
          hashes: md5Hash(md5),
        },
        otherwise: "remoteOnly",
      },
    ],
  };
};

/** A sticker that another app shared. */
export const appSticker: MakeContent = ({ random, sender }) => {
  const [md5, sizeBytes] = [hex(random, 32), 100 + random.below(90_000)];
  return {
    type: 49,
    text: appMessage({
      type: 8,
      tags: tag("title", undefined),
      attach: tag("totallen", sizeBytes) + tag("emoticonmd5", md5),
      from: sender,
    }),
    says: { kind: "sticker", payload: { id: md5 } },
    files: [{ about: { kind: "sticker", sizeBytes, hashes: md5Hash(md5) }, otherwise: "missing" }],
  };
};

const endings = ["pdf", "docx", "xlsx", "zip", "txt"] as const;

export const file: MakeContent = ({ random, sender }) => {
  const [ending, md5, sizeBytes] = [random.pick(endings), hex(random, 32), 1000 + random.below(9_000_000)];
  const fileName = `${title(random)} & ${random.below(99)}.${ending}`;
  return {
    type: 49,
    text: appMessage({
      type: 6,
      tags: tag("title", fileName) + tag("des", undefined) + tag("md5", md5),
      attach: tag("totallen", sizeBytes) + tag("fileext", ending) + tag("aeskey", hex(random, 32)),
      from: sender,
    }),
    says: { kind: "file" },
    files: [
      {
        about: { kind: "file", fileName, sizeBytes, hashes: md5Hash(md5) },
        place: `OpenData/#.${ending}`,
        sort: sorts.file,
        otherwise: "missing",
      },
    ],
  };
};

/** A picture that another app shared. */
export const sharedImage: MakeContent = ({ random, sender }) => {
  const [md5, sizeBytes, words] = [hex(random, 32), 1000 + random.below(900_000), title(random)];
  return {
    type: 49,
    text: appMessage({
      type: 2,
      tags: tag("title", words) + tag("md5", md5),
      attach: tag("totallen", sizeBytes) + tag("fileext", "JPG"),
      from: sender,
    }),
    says: { kind: "image", body: { text: words } },
    files: [
      {
        about: { kind: "image", sizeBytes, hashes: md5Hash(md5) },
        place: "OpenData/#.jpg",
        sort: sorts.image,
        otherwise: "missing",
      },
    ],
  };
};
