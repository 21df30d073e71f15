package dev.thanosgateway.dialect.openai.wire;

/**
 * Takes whole members out of one object, commas included, while it is read: for each member first {@link #begin},
 * then once its value is read either {@link #keep} or {@link #remove}; at the end of the object {@link #end}.
 */
public final class MemberRemoval {
    private final JsonReader json;
    private final Edits edits;
    private int kept;
    private int begun;
    private int removedFrom = -1;
    private int removedTo;

    /** @param json standing right behind the object's opening brace */
    public MemberRemoval(JsonReader json, Edits edits) {
        this.json = json;
        this.edits = edits;
        this.kept = json.position();
    }

    /** The reader has gone to a member. */
    public void begin() {
        if (removedFrom >= 0) {
            edits.remove(removedFrom, json.comma() + 1);
            removedFrom = -1;
        }
        begun = json.memberStart();
    }

    /** The member just read stays. */
    public void keep() {
        kept = json.position();
    }

    /** The member just read goes. */
    public void remove() {
        removedFrom = begun;
        removedTo = json.position();
    }

    /** The object has ended: a last member takes the comma before it along, and what was removed since. */
    public void end() {
        if (removedFrom >= 0) {
            edits.remove(kept, removedTo);
        }
    }
}
