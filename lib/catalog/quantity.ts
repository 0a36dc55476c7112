import { z } from "zod";
import { type BaseUnit, parseQuantity } from "../units/mod.ts";

/** A field of a data file that holds a datasheet string with its unit, such as "3.35 TB/s". */
export const quantity = (unit: BaseUnit) =>
  z.string().transform((text, context) => {
    try {
      return parseQuantity(text, unit);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message, input: text });
      return z.NEVER;
    }
  });
