/** Runs one check and says how it went, one line each: "ok NAME" or "not ok NAME: REASON". */
export async function check(name, body) {
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`not ok ${name}: ${String(error?.message ?? error).replaceAll('\n', ' ')}`);
  }
}

/** Says that a check is not run, and why: "skip NAME: REASON". */
export const skip = (name, why) => console.log(`skip ${name}: ${why}`);
