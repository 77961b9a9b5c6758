namespace LargeRec.Engine.Tests.Cpu.Attention;

internal sealed class AttentionReferenceTests
{
    [Test]
    public void The_gradients_are_the_central_differences_of_the_output()
    {
        const double Step = 1e-5;
        var problem = new AttentionCase([4, 0, 3], 2, 3, 2, position: true, time: true);
        double[][] inputs =
        [
            .. new[] { problem.Queries, problem.Keys, problem.Values, problem.Position!, problem.Time! }.Select(AttentionReference<double>.Convert),
        ];
        var dOutput = AttentionReference<double>.Convert(problem.OutputGradient);
        var gradients = new AttentionReference<double>(problem).Gradients(dOutput);
        for (var which = 0; which < 5; which++)
        {
            for (var i = 0; i < inputs[which].Length; i++)
            {
                var value = inputs[which][i];
                inputs[which][i] = value + Step;
                var above = Loss();
                inputs[which][i] = value - Step;
                var below = Loss();
                inputs[which][i] = value;
                Assert.That(gradients[which][i], Is.EqualTo((above - below) / (2 * Step)).Within(1e-8), $"{AttentionRun.GradientNames[which]}[{i}]");
            }
        }

        double Loss() =>
            new AttentionReference<double>(problem, inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]).Output().Zip(dOutput, (o, d) => o * d).Sum();
    }
}
