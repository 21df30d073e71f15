package dev.thanosgateway.host.command;

import java.io.PrintStream;
import java.util.List;

/** Plain columns, as wide as their widest cell. */
final class Table {
    private Table() {}

    /** @param rows all of the same length */
    static void print(List<List<String>> rows, PrintStream out) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row.get(i);
                line.append(cell).repeat(" ", i == columns - 1 ? 0 : widths[i] - cell.length() + 2);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
