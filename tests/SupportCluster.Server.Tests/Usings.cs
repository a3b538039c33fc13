global using System.Net;
global using System.Text.Json;
global using SupportCluster.Server.Tests.Running;
global using Xunit;

// Every class has a server of its own; two at a time are enough for a small machine.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]
