import { expect, test } from "vitest";
import { initials } from "./initials.ts";

test.each([
  ["张三", "zs"],
  ["李四", "ls"],
  ["王小明", "wxm"],
  ["欧阳娜娜", "oynn"],
  ["陈 Anna", "canna"],
  ["阿姨", "ay"],
  ["周末爬山群", "zmpsq"],
  ["妈妈", "mm"],
  ["高恩贝", "geb"],
  ["Tom Lee", "tomlee"],
  ["", ""],
])("the first letters of %s are %s", (name, expected) => {
  expect(initials(name)).toBe(expected);
});
