import { hashOf, weighted, zipfWeights, type Random } from "./random.ts";

const frequent = (
  "的 我 你 了 是 不 在 就 有 这 那 吗 吧 啊 呢 去 来 要 会 说 都 也 还 到 好 我们 他们 今天 明天 昨天 晚上 早上 下午 现在 时候 " +
  "什么 怎么 为什么 哪里 可以 不行 知道 觉得 应该 可能 一下 一起 已经 没有 还是 但是 因为 所以 如果 然后 最近 感觉 回家 上班 下班 吃饭 " +
  "开会 公司 学校 孩子 妈妈 爸爸 老师 朋友 医院 电影 照片 视频 文件 合同 项目 客户 周末 机票 酒店 快递 地址 电话 微信 手机 电脑 密码 " +
  "天气 下雨 地铁 堵车 超市 水果 咖啡 火锅 生日 快乐 辛苦 谢谢 麻烦 注意 安全 身体 睡觉 起床 跑步 游戏 比赛 价格 便宜 付款 发票"
).split(" ");
const english = (
  "the to and you it is for that on in we have this just but what be so do not can are will with at like get now know go " +
  "ok time tomorrow meeting file send call home work think good see later thanks sorry maybe really dinner photo train " +
  "ticket price link check week morning please already about before after where when house kids school doctor weekend"
).split(" ");
const characters =
  "人大中上国地生出子自年以作用成方多于天心样发事经力民进学电同工对家定新行高长部明海见花水风月山路书文话语春夏秋冬红白黑青" +
  "东西南北车马牛羊米面茶酒饭菜鱼肉蛋果树林森石金银铁木火土云雨雪星光影声音乐歌舞画笔纸墨棋球门窗房屋城市村镇桥河江湖";
const stockPhrases = (
  "好的|收到|嗯嗯|哈哈哈|哈哈哈哈哈|在吗|谢谢|不客气|没问题|辛苦了|晚安|早|早上好|生日快乐🎂|好|行|可以|知道了|马上|到了|在路上|吃了吗|" +
  "👍|😂|🙏|[捂脸]|[呲牙]|[强]|ok|OK|Thanks!|On my way|lol|haha|Sure|收到，谢谢|等一下|稍等|明天见|周末愉快|恭喜恭喜|同意|+1|1|？|。。。"
).split("|");
const surnames = [..."王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"];
const givenNames = [..."伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉建文辉力"];
const latinNames = "Alex Mei Sam Lena Tom Grace Ivan Yuki Omar Nina Leo Ana Max Rosa".split(" ");
const groupTopics =
  "家庭群 同学群 工作群 项目组 篮球队 业主群 读书会 旅行团 吃货群 班级群 Design Family Hiking".split(" ");

/** Words beyond the frequent ones are made of two or three characters; a history uses about five thousand. */
const wordCount = 5000;
const drawWord = weighted(zipfWeights(wordCount, 1.02));
const drawEnglish = weighted(zipfWeights(english.length, 1));
const drawPhrase = weighted(zipfWeights(stockPhrases.length, 0.9));

/** What somebody says: a stock phrase, a few words, now and then a paragraph. */
export function sentence(random: Random): string {
  const draw = random.unit();
  if (draw < 0.24) return stockPhrases[drawPhrase(random)]!;
  if (draw < 0.34) return englishSentence(random);
  const clauses = draw > 0.985 ? 6 + random.below(30) : 1 + random.below(draw > 0.8 ? 4 : 2);
  let text = "";
  for (let i = 0; i < clauses; i++) text += (i === 0 ? "" : "，") + clause(random);
  if (random.chance(0.12)) text += random.pick(["。", "！", "？", "~", "😄"]);
  return random.chance(0.02) ? `${text} ${random.below(100_000_000)}` : text;
}

/** A few words, as in a title. */
export function title(random: Random): string {
  return clause(random) + clause(random);
}

export function personName(random: Random): string {
  if (random.chance(0.15)) return random.pick(latinNames);
  return (
    random.pick(surnames) + random.pick(givenNames) + (random.chance(0.5) ? random.pick(givenNames) : "")
  );
}

export function groupTitle(random: Random): string {
  return `${random.pick(groupTopics)} ${1 + random.below(99)}`;
}

function clause(random: Random): string {
  const words = 2 + random.below(6);
  let text = "";
  for (let i = 0; i < words; i++) text += word(drawWord(random));
  return text;
}

function englishSentence(random: Random): string {
  const words = Array.from({ length: 2 + random.below(9) }, () => english[drawEnglish(random)]!);
  return words.join(" ");
}

const rareWords = Array.from({ length: wordCount }, (_, rank) => rareWord(rank));

function word(rank: number): string {
  return frequent[rank] ?? rareWords[rank]!;
}

function rareWord(rank: number): string {
  const hash = hashOf(`word ${rank}`);
  const at = (place: number): string => characters[place % characters.length]!;
  const two = at(hash & 0xff) + at((hash >>> 8) & 0xff);
  return rank % 3 === 0 ? two + at((hash >>> 16) & 0xff) : two;
}
