package org.bindsql.benchmarks.growth;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Curves over two logarithmic axes, as SVG. */
final class LogChart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 480;
  private static final int LEFT = 80;
  private static final int RIGHT = 190;
  private static final int TOP = 50;
  private static final int BOTTOM = 60;
  private static final List<String> COLOURS =
      List.of("#1b6ca8", "#d1495b", "#3a7d44", "#b07aa1", "#8c6d31");

  /** Points of a curve, ascending in x; all numbers are positive. */
  record Curve(String name, int colour, boolean dashed, List<double[]> points) {}

  private final List<Curve> curves;
  private final double[] x;
  private final double[] y;

  private LogChart(List<Curve> curves) {
    this.curves = curves;
    this.x = range(0);
    this.y = range(1);
  }

  /** The chart of some curves, of which one has a point at least. */
  static String svg(String title, String xAxis, String yAxis, List<Curve> curves) {
    return new LogChart(curves).draw(title, xAxis, yAxis);
  }

  /** Powers of ten around all values of an axis. */
  private double[] range(int axis) {
    double[] all =
        curves.stream()
            .flatMap(curve -> curve.points.stream())
            .mapToDouble(point -> Math.log10(point[axis]))
            .toArray();
    double least = Math.floor(DoubleStream.of(all).min().orElseThrow());
    return new double[] {
      least, Math.max(least + 1, Math.ceil(DoubleStream.of(all).max().orElseThrow()))
    };
  }

  private double atX(double value) {
    return LEFT + (Math.log10(value) - x[0]) / (x[1] - x[0]) * (WIDTH - LEFT - RIGHT);
  }

  private double atY(double value) {
    return HEIGHT - BOTTOM - (Math.log10(value) - y[0]) / (y[1] - y[0]) * (HEIGHT - TOP - BOTTOM);
  }

  private String draw(String title, String xAxis, String yAxis) {
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
        <rect width="100%%" height="100%%" fill="white"/>
        <text x="%d" y="26" font-size="16">%s</text>
        <text x="%d" y="%d" text-anchor="middle">%s</text>
        <text transform="translate(22 %d) rotate(-90)" text-anchor="middle">%s</text>
        """,
        WIDTH,
        HEIGHT,
        LEFT,
        title,
        (LEFT + WIDTH - RIGHT) / 2,
        HEIGHT - 15,
        xAxis,
        (TOP + HEIGHT - BOTTOM) / 2,
        yAxis);
    for (double power = x[0]; power <= x[1]; power++) {
      double value = Math.pow(10, power);
      line(svg, atX(value), TOP, atX(value), HEIGHT - BOTTOM);
      label(svg, atX(value), HEIGHT - BOTTOM + 20, "middle", number(value));
    }
    for (double power = y[0]; power <= y[1]; power++) {
      double value = Math.pow(10, power);
      line(svg, LEFT, atY(value), WIDTH - RIGHT, atY(value));
      label(svg, LEFT - 8, atY(value) + 4, "end", number(value));
    }
    int legend = TOP + 10;
    for (Curve curve : curves) {
      curve(svg, curve);
      String style = style(curve);
      add(svg, "<path d=\"M%d %dh26\" %s/>%n", WIDTH - RIGHT + 14, legend - 4, style);
      label(svg, WIDTH - RIGHT + 46, legend, "start", curve.name);
      legend += 20;
    }
    return svg.append("</svg>\n").toString();
  }

  private void curve(StringBuilder svg, Curve curve) {
    StringBuilder path = new StringBuilder();
    for (double[] point : curve.points) {
      add(path, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", atX(point[0]), atY(point[1]));
    }
    add(svg, "<path d=\"%s\" %s/>%n", path, style(curve));
  }

  private static String style(Curve curve) {
    return "fill=\"none\" stroke-width=\"2\" stroke=\"%s\"%s"
        .formatted(
            COLOURS.get(curve.colour % COLOURS.size()),
            curve.dashed ? " stroke-dasharray=\"5 4\"" : "");
  }

  private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
    add(svg, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#ddd\"/>%n", x1, y1, x2, y2);
  }

  private static void label(StringBuilder svg, double x, double y, String anchor, String text) {
    add(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
  }

  private static String number(double value) {
    return value >= 1
        ? String.format(Locale.ROOT, "%,.0f", value)
        : Double.toString(Math.round(value * 1e6) / 1e6);
  }

  private static void add(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
