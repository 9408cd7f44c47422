using Xunit;

namespace EventArchive.Tests.Integration.MainLine;

public sealed class InMemoryMainLineTests(InMemoryStory story) : MainLineTests(story), IClassFixture<InMemoryStory>;
