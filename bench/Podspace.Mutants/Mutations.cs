using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Podspace.Mutants;

/// <summary>A place that can be broken.</summary>
/// <param name="What">Such as <c>&lt; → &lt;=</c>.</param>
/// <param name="Guarded">The place, given back as it was, with a switch in front of it.</param>
internal sealed record Mutation(SyntaxNode Place, string What, Func<SyntaxNode, ExpressionSyntax, SyntaxNode> Guarded);

/// <summary>Which places of a file can be broken, and how.</summary>
internal static class Mutations
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind[]> Swapped = new()
    {
        [SyntaxKind.LessThanExpression] = [SyntaxKind.LessThanOrEqualExpression, SyntaxKind.GreaterThanExpression],
        [SyntaxKind.LessThanOrEqualExpression] = [SyntaxKind.LessThanExpression, SyntaxKind.GreaterThanExpression],
        [SyntaxKind.GreaterThanExpression] = [SyntaxKind.GreaterThanOrEqualExpression, SyntaxKind.LessThanExpression],
        [SyntaxKind.GreaterThanOrEqualExpression] = [SyntaxKind.GreaterThanExpression, SyntaxKind.LessThanExpression],
        [SyntaxKind.EqualsExpression] = [SyntaxKind.NotEqualsExpression],
        [SyntaxKind.NotEqualsExpression] = [SyntaxKind.EqualsExpression],
        [SyntaxKind.LogicalAndExpression] = [SyntaxKind.LogicalOrExpression],
        [SyntaxKind.LogicalOrExpression] = [SyntaxKind.LogicalAndExpression],
        [SyntaxKind.AddExpression] = [SyntaxKind.SubtractExpression],
        [SyntaxKind.SubtractExpression] = [SyntaxKind.AddExpression],
    };

    public static IEnumerable<Mutation> Of(SyntaxNode root, SemanticModel model) =>
        root.DescendantNodes().Where(node => !IsConstant(node)).SelectMany(node => At(node, model));

    private static IEnumerable<Mutation> At(SyntaxNode node, SemanticModel model) =>
        node switch
        {
            BinaryExpressionSyntax binary when Swapped.TryGetValue(binary.Kind(), out var others) && CanStandTwice(binary, model) =>
                others.Select(other => Swap(binary, other)),
            IfStatementSyntax { Condition: var condition } when !Declares(condition) => [Negate(condition)],
            WhileStatementSyntax { Condition: var condition } when !Declares(condition) => [Negate(condition)],
            ConditionalExpressionSyntax { Condition: var condition } when !Declares(condition) => [Negate(condition)],
            ExpressionStatementSyntax statement when CanGo(statement.Expression) => [Drop(statement)],
            LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.NumericLiteralExpression) => Another(literal, model),
            MethodDeclarationSyntax method => Nothing(method, model),
            _ => [],
        };

    private static Mutation Swap(BinaryExpressionSyntax binary, SyntaxKind to)
    {
        var sign = SyntaxFactory.Token(SignOf(to));
        return new(
            binary,
            $"{binary.OperatorToken.Text} → {sign.Text}",
            (now, isOn) =>
            {
                var same = (BinaryExpressionSyntax)now;
                var other = SyntaxFactory.BinaryExpression(to, same.Left, sign.WithTriviaFrom(same.OperatorToken), same.Right);
                return Either(isOn, other, same);
            }
        );
    }

    private static Mutation Negate(ExpressionSyntax condition) =>
        new(
            condition,
            "negated",
            (now, isOn) =>
                SyntaxFactory.ParenthesizedExpression(
                    SyntaxFactory.BinaryExpression(SyntaxKind.ExclusiveOrExpression, isOn, InBrackets((ExpressionSyntax)now))
                )
        );

    private static Mutation Drop(ExpressionStatementSyntax statement) =>
        new(statement, "left out", (now, isOn) => SyntaxFactory.IfStatement(Not(isOn), SyntaxFactory.Block((StatementSyntax)now)));

    private static IEnumerable<Mutation> Another(LiteralExpressionSyntax literal, SemanticModel model)
    {
        var type = model.GetTypeInfo(literal).ConvertedType;
        if (type is null || literal.Token.Value is not (int or uint or long or ulong) || !IsNumber(type))
        {
            yield break;
        }
        yield return new(
            literal,
            $"{literal.Token.Text} → {literal.Token.Text} + 1",
            (now, isOn) =>
            {
                var same = (ExpressionSyntax)now;
                var other = SyntaxFactory.ParseExpression($"({literal.Token.ValueText} + 1)");
                return SyntaxFactory.CastExpression(SyntaxFactory.ParseTypeName(type.ToDisplayString()), Either(isOn, other, same));
            }
        );
    }

    /// <summary>A method that gives the default of its type.</summary>
    private static IEnumerable<Mutation> Nothing(MethodDeclarationSyntax method, SemanticModel model)
    {
        if (
            model.GetDeclaredSymbol(method) is not { ReturnsVoid: false, IsAbstract: false, ReturnsByRef: false } symbol
            || method.ParameterList.Parameters.Any(parameter => parameter.Modifiers.Any(SyntaxKind.OutKeyword))
            || method.Modifiers.Any(SyntaxKind.AsyncKeyword)
            || method.DescendantNodes().Any(node => node is YieldStatementSyntax or RefTypeSyntax)
        )
        {
            yield break;
        }
        var nothing = SyntaxFactory.ParseExpression(
            $"default({symbol.ReturnType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)})!"
        );
        if (method is { ExpressionBody.Expression: not ThrowExpressionSyntax and var body })
        {
            yield return new(body, "gives default", (now, isOn) => Either(isOn, nothing, (ExpressionSyntax)now));
        }
        else if (method.Body is { Statements.Count: > 0 } block)
        {
            yield return new(
                block,
                "gives default",
                (now, isOn) =>
                {
                    var same = (BlockSyntax)now;
                    return same.WithStatements(
                        same.Statements.Insert(0, SyntaxFactory.IfStatement(isOn, SyntaxFactory.ReturnStatement(nothing)))
                    );
                }
            );
        }
    }

    /// <summary>What the compiler has to know: no switch can stand there.</summary>
    private static bool IsConstant(SyntaxNode node) =>
        node.Ancestors()
            .Any(above =>
                above
                    is AttributeSyntax
                        or EnumMemberDeclarationSyntax
                        or PatternSyntax
                        or SwitchLabelSyntax
                        or ParameterSyntax
                        or ConstructorInitializerSyntax
                        or PrimaryConstructorBaseTypeSyntax
                || above is FieldDeclarationSyntax field && field.Modifiers.Any(SyntaxKind.ConstKeyword)
                || above is LocalDeclarationStatementSyntax { IsConst: true }
            );

    /// <summary>Written out twice, a variable would be declared twice, and texts cannot be subtracted.</summary>
    private static bool CanStandTwice(BinaryExpressionSyntax binary, SemanticModel model) =>
        !Declares(binary)
        && (
            !binary.IsKind(SyntaxKind.AddExpression) && !binary.IsKind(SyntaxKind.SubtractExpression)
            || model.GetTypeInfo(binary).Type is { } type && IsNumber(type)
        )
        && (model.GetTypeInfo(binary.Left).Type is not null || model.GetTypeInfo(binary.Right).Type is not null);

    private static bool Declares(SyntaxNode node) =>
        node.DescendantNodesAndSelf().Any(inner => inner is DeclarationExpressionSyntax or SingleVariableDesignationSyntax);

    /// <summary>Leaving it out leaves no variable without a value.</summary>
    private static bool CanGo(ExpressionSyntax expression) =>
        expression
            is InvocationExpressionSyntax
                or AwaitExpressionSyntax
                or PostfixUnaryExpressionSyntax
                or AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax or ElementAccessExpressionSyntax }
        && !Declares(expression)
        && !expression.DescendantNodes().OfType<ArgumentSyntax>().Any(argument => argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword));

    private static bool IsNumber(ITypeSymbol type) => type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_Double;

    private static SyntaxKind SignOf(SyntaxKind kind) =>
        kind switch
        {
            SyntaxKind.LessThanExpression => SyntaxKind.LessThanToken,
            SyntaxKind.LessThanOrEqualExpression => SyntaxKind.LessThanEqualsToken,
            SyntaxKind.GreaterThanExpression => SyntaxKind.GreaterThanToken,
            SyntaxKind.GreaterThanOrEqualExpression => SyntaxKind.GreaterThanEqualsToken,
            SyntaxKind.EqualsExpression => SyntaxKind.EqualsEqualsToken,
            SyntaxKind.NotEqualsExpression => SyntaxKind.ExclamationEqualsToken,
            SyntaxKind.LogicalAndExpression => SyntaxKind.AmpersandAmpersandToken,
            SyntaxKind.LogicalOrExpression => SyntaxKind.BarBarToken,
            SyntaxKind.AddExpression => SyntaxKind.PlusToken,
            SyntaxKind.SubtractExpression => SyntaxKind.MinusToken,
            _ => throw new System.Diagnostics.UnreachableException($"{kind} is never swapped in."),
        };

    private static ParenthesizedExpressionSyntax Either(ExpressionSyntax isOn, ExpressionSyntax other, ExpressionSyntax same) =>
        InBrackets(SyntaxFactory.ConditionalExpression(isOn, InBrackets(other), InBrackets(same)));

    private static ParenthesizedExpressionSyntax InBrackets(ExpressionSyntax inner) => SyntaxFactory.ParenthesizedExpression(inner);

    private static PrefixUnaryExpressionSyntax Not(ExpressionSyntax condition) =>
        SyntaxFactory.PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, condition);
}
